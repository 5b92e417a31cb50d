// The signatures of a metabase (MS-IMSA 2.2.2): RSA with 512 bits over MD5, PKCS #1 v1.5, made with
// the server's private key over four zero bytes and the cleartext. Whoever has the public key can
// check what was decrypted, and learns the MD5 of what was not.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "parsers/crypto.h"

namespace iwamtrace {

class SignatureKey {
 public:
  // Nothing where it can be no modulus. The exponent is 65537.
  static std::optional<SignatureKey> of_modulus(Bytes big_endian);

  // The MD5 that a signature (little-endian) is of; nothing where it is none of this key.
  [[nodiscard]] std::optional<Key16> signed_digest(Bytes signature) const;
  [[nodiscard]] const std::vector<std::byte>& modulus() const { return modulus_; }

 private:
  explicit SignatureKey(Bytes big_endian) : modulus_(big_endian.begin(), big_endian.end()) {}
  std::vector<std::byte> modulus_;
};

// CPU time that may be spent on finding public keys: independent of how busy the machine is, so
// that the same evidence is answered alike. Zero allows nothing.
class ProofBudget {
 public:
  explicit ProofBudget(std::chrono::seconds allowed);
  [[nodiscard]] double seconds_left() const;

 private:
  double ends_;
};

struct SignedMessage {
  SecretBytes message;
  Bytes signature;
};

struct KeySearch {
  enum class Result : std::uint8_t {
    kFound,
    kTooFewMessages,
    kNoKey,       // no two of the messages are what was signed
    kBudgetOver,  // before two of them could be tried
  };
  Result result{};
  std::optional<SignatureKey> key;
};

// The modulus out of what it signed: it divides s^65537 - m for each signature s of a block m, so
// it is what two such numbers of 4 MB have in common. A wrong guess of a message leaves them
// without a common divisor of that size: that there is one is the proof. `messages`, the surest
// first, have different signatures; with each other one but the first a search takes some 10 s of
// CPU time. `others` are further signatures of the file: one at least must be of the key, if there
// are any. `enter` is told of each step.
KeySearch find_signature_key(std::span<const SignedMessage> messages, std::span<const Bytes> others,
                             const ProofBudget& budget,
                             const std::function<void(std::string_view)>& enter);

}  // namespace iwamtrace
