// The stream of a session key, out of what its properties are known to say. All secure properties
// of one metabase are RC4-encrypted under one key from the first byte of its stream, so every byte
// of cleartext that is known gives a byte of the stream, and with it that byte of all the others.
// How sure that is, is the matter here: a customary value is no known one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "parsers/crypto.h"

namespace iwamtrace {

// What a claim of cleartext rests on, the best first.
enum class Trust : std::uint8_t {
  kCertain,  // the format has it so, or it was proven
  kLayout,   // it follows from the size, if the value is what it is taken for
  kUsual,    // a clean server has it so
  kLatin,    // a text has no characters beyond U+00FF
};

// Values of one sort with the same cleartext may well be unusual together, values of two sorts not.
enum class Sort : std::uint8_t { kAccessList, kText };

struct Claim {
  std::size_t at = 0;  // in the data, the four zero bytes included
  SecretBytes cleartext;
  Trust trust{};
  bool whole = false;  // one value, that stands or falls with most of its bytes
};

// A property, and what is claimed of it.
struct Witness {
  std::size_t property = 0;  // the caller's number
  Sort sort{};
  Bytes cipher;  // must outlive its use here
  std::vector<Claim> claims;
};

// Longer than any password of Windows (256 characters): no stream is needed behind it.
inline constexpr std::size_t kLongestStream = 4 + 2 * (256 + 1);

class Keystream {
 public:
  enum class State : std::uint8_t {
    kUnknown,
    kAssumed,  // by claims that would be wrong together
    kKnown,
  };

  Keystream() = default;
  static Keystream of_key(Bytes rc4_key);

  [[nodiscard]] State state(std::size_t at) const {
    return at < states_.size() ? states_[at] : State::kUnknown;
  }
  [[nodiscard]] std::byte at(std::size_t at) const { return stream_.view()[at]; }
  // The worst of the states of the bytes from `from` to `to`; kKnown for none.
  [[nodiscard]] State state(std::size_t from, std::size_t to) const;
  // Data under the cipher to cleartext; bytes that are not known come out as 0.
  [[nodiscard]] SecretBytes decrypt(Bytes data) const;

  void set(std::size_t at, std::byte value, State state);

 private:
  SecretBytes stream_{kLongestStream};
  std::vector<State> states_ = std::vector<State>(kLongestStream, State::kUnknown);
};

struct RecoveredKeystream {
  Keystream stream;
  std::vector<std::size_t> borne_out;     // properties that are what they were taken for
  std::vector<std::size_t> contradicted;  // access lists that are not what they were taken for
};

// Votes on every byte of the stream, and drops the witnesses that lose.
RecoveredKeystream recover_keystream(std::span<const Witness> witnesses);

}  // namespace iwamtrace
