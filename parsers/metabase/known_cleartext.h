// What the cleartext of a secure property must be, and what it usually is: the names and ids of
// MBSchema.xml, the access lists of a clean IIS 6, and the few passwords that everybody has.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "parsers/key_ring.h"
#include "parsers/metabase/keystream.h"

namespace iwamtrace {

enum class SecureContent : std::uint8_t {
  kPassword,    // UTF-16LE and a NUL
  kAccessList,  // a self-relative security descriptor
  kOther,
};

struct SecurePropertyName {
  std::string_view name;
  std::uint32_t id;
  SecureContent content;
};

// By name, ignoring case, or by id; nullptr for a property that the schema does not encrypt.
const SecurePropertyName* secure_property_named(std::string_view name, std::uint32_t id);

// An encrypted property as the claims need it.
struct EncryptedProperty {
  std::size_t number = 0;
  std::string_view location, name;
  SecureContent content{};
  Bytes cipher;
};

// Appends what may be claimed of a property. `principals` name the server's group IIS_WPG, which
// the access lists of a clean server mention; there may be several servers in a case.
void add_witnesses(const EncryptedProperty& property, std::span<const KnownPrincipal> principals,
                   std::vector<Witness>& witnesses);

// The data of a password before encryption: four zero bytes, the text, a NUL.
SecretBytes password_data(Bytes utf16le);

// UTF-16 that ends in its only NUL, without characters that no keyboard has. `data` as above.
bool is_password_data(Bytes data);

}  // namespace iwamtrace
