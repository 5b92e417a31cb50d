// The secure properties of all metabases of a case, by the session key they are under. The first
// four bytes of a cipher are four bytes of its key's stream, so they name the key: all versions of
// one metabase are one group, and what one version gives away opens the others.
#pragma once

#include <array>
#include <cstddef>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "model/metabase.h"
#include "parsers/key_ring.h"
#include "parsers/metabase/keystream.h"
#include "parsers/metabase/known_cleartext.h"
#include "parsers/metabase/secure_value.h"

namespace iwamtrace {

// A secure property of a file, and what became of it.
struct SealedProperty {
  Citation where;
  std::string location, name;
  SecureContent content{};
  SecureValue value;

  std::size_t group = SIZE_MAX;  // of an encrypted one
  SecretMethod method = SecretMethod::kNone;
  SignatureCheck signature = SignatureCheck::kNotMade;
  std::optional<SecretBytes> password;  // UTF-16LE, without its NUL
  Untrusted unknown_because;

  [[nodiscard]] bool encrypted() const { return group != SIZE_MAX; }
  [[nodiscard]] Bytes cipher() const { return value.data.view(); }
};

// One metabase file.
struct SealedFile {
  SourceId source{};
  std::optional<SecureValue> session_key;
  Citation session_key_where;
  std::vector<SealedProperty> properties;
  std::optional<std::size_t> wam_password;  // its place in `properties`

  std::vector<SecretMatch> password_matches;
  std::vector<Citation> opened_by;  // of WAMUserPass
};

using KeyPrefix = std::array<std::byte, kZeroPrefix>;

struct KeyGroup {
  const SessionKey* key = nullptr;         // where the RSA key opened it
  std::vector<SealedProperty*> witnesses;  // those with anything to claim, each once
  std::vector<SealedProperty*> proven;     // whose data are in `proven_data`
  std::vector<SecretBytes> proven_data;
  RecoveredKeystream recovered;

  [[nodiscard]] const Keystream& stream() const { return recovered.stream; }
};

class KeyGroups {
 public:
  KeyGroups(std::span<SealedFile> files, const KeyRing& keys);

  [[nodiscard]] const KeyGroup& of(const SealedProperty& property) const {
    return groups_[property.group];
  }
  // The group that most properties of a file are in; SIZE_MAX where none is encrypted.
  [[nodiscard]] static std::size_t main_group(const SealedFile& file);
  [[nodiscard]] const std::vector<KeyGroup>& all() const { return groups_; }
  // Of files whose session key was opened, and no property of theirs is under it.
  [[nodiscard]] const std::vector<Citation>& unfitting_keys() const { return unfitting_keys_; }

  // The group's stream if that were a property's data; each byte of them is one claim.
  [[nodiscard]] Keystream stream_with(const SealedProperty& property, Bytes data) const;
  // That it is, is proven: the group's stream follows, and is read anew by `open`.
  void prove(SealedProperty& property, Bytes data);

  // Decrypts what the streams allow.
  void open();

 private:
  void assign(SealedFile& file);
  [[nodiscard]] std::vector<Witness> witnesses_of(const KeyGroup& group) const;
  void open(SealedProperty& property) const;

  std::span<SealedFile> files_;
  const KeyRing& keys_;
  std::vector<KeyGroup> groups_;
  std::map<KeyPrefix, std::size_t> numbers_;
  std::vector<Citation> unfitting_keys_;
};

}  // namespace iwamtrace
