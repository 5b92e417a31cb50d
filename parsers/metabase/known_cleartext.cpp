#include "parsers/metabase/known_cleartext.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "parsers/cursor.h"
#include "parsers/metabase/secure_value.h"

namespace iwamtrace {
namespace {

constexpr std::array kSecureProperties{
    SecurePropertyName{"WAMUserPass", 7502, SecureContent::kPassword},
    SecurePropertyName{"AnonymousUserPass", 6021, SecureContent::kPassword},
    SecurePropertyName{"UNCPassword", 3003, SecureContent::kPassword},
    SecurePropertyName{"LogOdbcPassword", 4010, SecureContent::kPassword},
    SecurePropertyName{"ADConnectionsPassword", 5015, SecureContent::kPassword},
    SecurePropertyName{"FeedPassword", 45462, SecureContent::kPassword},
    SecurePropertyName{"ImapDsPassword", 49384, SecureContent::kPassword},
    SecurePropertyName{"Pop3DsPassword", 41191, SecureContent::kPassword},
    SecurePropertyName{"RoutePassword", 36949, SecureContent::kPassword},
    SecurePropertyName{"SmtpDsPassword", 36958, SecureContent::kPassword},
    SecurePropertyName{"AdminACL", 6027, SecureContent::kAccessList},
    SecurePropertyName{"AdminACLBin", 6286, SecureContent::kOther},
};

constexpr std::string_view kOdbcPassword = "sqllog";

// ---- access lists: hexadecimal, as they lie in the descriptor ------------------------------

constexpr std::size_t kAdministratorsOnly = kZeroPrefix + 84;
constexpr std::size_t kWithServices = kZeroPrefix + 160;

// The control bits but for self-relative, which is in the byte behind: owner and group by default,
// a list present. Other writers set others.
constexpr std::string_view kControl = "07";
constexpr std::string_view kAdministratorAccess = "ab000400";

class DescriptorClaims {
 public:
  DescriptorClaims() { add("00000000", Trust::kCertain); }
  DescriptorClaims& layout(std::string_view digits) { return add(digits, Trust::kLayout); }
  DescriptorClaims& usual(std::string_view digits) { return add(digits, Trust::kUsual); }
  DescriptorClaims& usual_as_one(Bytes bytes) {
    claims_.push_back(Claim{at_, SecretBytes(bytes), Trust::kUsual, true});
    return skip(bytes.size());
  }
  DescriptorClaims& skip(std::size_t size) {
    at_ += size;
    return *this;
  }
  // S-1-5-32-544. That it is a group of the machine follows from its size, which one does not.
  DescriptorClaims& administrators() {
    return layout("010200000000000520000000").usual("20").layout("020000");
  }
  // "Allow", for a SID of 16 bytes.
  DescriptorClaims& administrators_entry() {
    return layout("00").usual("00").layout("1800").usual(kAdministratorAccess).administrators();
  }
  std::vector<Claim> take() { return std::move(claims_); }

 private:
  DescriptorClaims& add(std::string_view digits, Trust trust) {
    const std::string bytes = bytes_of_hex(digits).value();
    // Each usual byte for itself: another mask has some of its bytes in common with the usual one.
    const std::size_t step = trust == Trust::kUsual ? 1 : bytes.size();
    for (std::size_t i = 0; i < bytes.size(); i += step) {
      claims_.push_back(
          Claim{at_ + i, SecretBytes(as_bytes(bytes).subspan(i, step)), trust, false});
    }
    return skip(bytes.size());
  }

  std::size_t at_ = 0;
  std::vector<Claim> claims_;
};

std::vector<Claim> administrators_only() {
  DescriptorClaims claims;
  claims.layout("0100").usual(kControl).layout("80").layout("34000000440000000000000014000000");
  claims.layout("0200200001000000").administrators_entry();
  return claims.administrators().administrators().take();
}

// The rights of the services and of IIS_WPG, where a clean server has such a list.
std::optional<std::string_view> service_access(std::string_view location) {
  if (location == "/") {
    return "89000000";
  }
  if (equal_ignoring_case(location, "/LM/W3SVC/AppPools")) {
    return "80000000";
  }
  constexpr std::string_view kFilters = "/Filters";
  if (location.size() > kFilters.size() &&
      equal_ignoring_case(location.substr(location.size() - kFilters.size()), kFilters)) {
    return "8b000000";
  }
  return std::nullopt;
}

std::vector<std::byte> sid_bytes(const Sid& sid) {
  std::vector<std::byte> bytes{std::byte{sid.revision}, std::byte{sid.count}};
  for (int shift = 40; shift >= 0; shift -= 8) {
    bytes.push_back(static_cast<std::byte>(sid.authority >> shift));
  }
  for (std::size_t i = 0; i < sid.count; ++i) {
    for (int shift = 0; shift < 32; shift += 8) {
      bytes.push_back(static_cast<std::byte>(sid.subauthorities[i] >> shift));
    }
  }
  return bytes;
}

// `iis_wpg`: the group, or its machine where the group's RID is not known, or nullptr.
std::vector<Claim> with_services(std::string_view location, const Sid* iis_wpg) {
  constexpr std::size_t kMaskSize = 4, kOfTheMachine = 12, kMachineAndRid = 16;
  const auto access = service_access(location);
  DescriptorClaims claims;
  const auto mask = [&] { access ? claims.usual(*access) : claims.skip(kMaskSize); };
  claims.layout("0100").usual(kControl).layout("80").layout("80000000900000000000000014000000");
  claims.layout("02006c0004000000");
  for (const std::string_view service : {"13000000", "14000000"}) {
    claims.layout("00").usual("00").layout("1400");
    mask();
    claims.layout("0101000000000005").layout(service);
  }
  claims.layout("00").usual("00").layout("2400");
  mask();
  claims.layout("010500000000000515000000");
  std::vector<std::byte> sid;
  if (iis_wpg != nullptr) {
    sid = sid_bytes(*iis_wpg);
    sid.erase(sid.begin(), sid.begin() + kOfTheMachine);
    claims.usual_as_one(sid);
  }
  claims.skip(kMachineAndRid - sid.size());
  claims.administrators_entry();
  return claims.administrators().administrators().take();
}

// The group IIS_WPG of each server whose SAM was read; where that has no such group, the server.
std::set<Sid> trustees_of(std::span<const KnownPrincipal> principals) {
  constexpr std::size_t kMachineAndRid = 5;
  std::map<Sid, Sid> by_machine;
  for (const auto& [name, sid, where] : principals) {
    if (sid.authority == 5 && sid.count == kMachineAndRid && sid.subauthorities[0] == 21) {
      Sid machine = sid;
      machine.subauthorities[--machine.count] = 0;
      Sid& trustee = by_machine.emplace(machine, machine).first->second;
      trustee = name.is("IIS_WPG") ? sid : trustee;
    }
  }
  std::set<Sid> trustees;
  for (const auto& [machine, trustee] : by_machine) {
    trustees.insert(trustee);
  }
  return trustees;
}

void add_access_list(const EncryptedProperty& property, std::span<const KnownPrincipal> principals,
                     std::vector<Witness>& witnesses) {
  const auto add = [&](std::vector<Claim> claims) {
    witnesses.push_back(
        Witness{property.number, Sort::kAccessList, property.cipher, std::move(claims)});
  };
  if (property.cipher.size() == kAdministratorsOnly) {
    add(administrators_only());
  } else if (property.cipher.size() == kWithServices) {
    const std::set<Sid> trustees = trustees_of(principals);
    for (const Sid& trustee : trustees) {
      add(with_services(property.location, &trustee));
    }
    if (trustees.empty()) {
      add(with_services(property.location, nullptr));
    }
  }
}

void add_password(const EncryptedProperty& property, std::vector<Witness>& witnesses) {
  const std::size_t size = property.cipher.size();
  if (size < kZeroPrefix + 2 || size % 2 != 0) {
    return;
  }
  const auto add = [&](std::size_t at, Bytes cleartext, Trust trust, bool whole = false) {
    witnesses.back().claims.push_back(Claim{at, SecretBytes(cleartext), trust, whole});
  };
  const std::array<std::byte, 2> nul{};
  const auto begin = [&] {
    witnesses.push_back(Witness{property.number, Sort::kText, property.cipher, {}});
  };
  begin();
  add(0, std::array<std::byte, kZeroPrefix>{}, Trust::kCertain);
  add(size - nul.size(), nul, Trust::kCertain);
  begin();
  for (std::size_t at = kZeroPrefix + 1; at < size - nul.size(); at += 2) {
    add(at, Bytes(nul).first(1), Trust::kLatin);
  }
  if (equal_ignoring_case(property.name, "LogOdbcPassword") &&
      size == kZeroPrefix + 2 * (kOdbcPassword.size() + 1)) {
    begin();
    const std::u16string text = utf16_of(kOdbcPassword);
    add(kZeroPrefix, std::as_bytes(std::span{text.data(), text.size()}), Trust::kUsual, true);
  }
}

// Tools without the schema call a property "UnknownName_7502", or by its number alone.
std::uint32_t id_in(std::string_view name) {
  constexpr std::string_view kUnknown = "UnknownName_";
  if (starts_ignoring_case(name, kUnknown)) {
    name.remove_prefix(kUnknown.size());
  }
  std::uint32_t id = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), id);
  return error == std::errc{} && end == name.data() + name.size() ? id : 0;
}

}  // namespace

const SecurePropertyName* secure_property_named(std::string_view name, std::uint32_t id) {
  const std::uint32_t known = id != 0 ? id : id_in(name);
  const auto* const found =
      std::ranges::find_if(kSecureProperties, [&](const SecurePropertyName& property) {
        return equal_ignoring_case(property.name, name) || property.id == known;
      });
  return found == kSecureProperties.end() ? nullptr : &*found;
}

void add_witnesses(const EncryptedProperty& property, std::span<const KnownPrincipal> principals,
                   std::vector<Witness>& witnesses) {
  if (property.content == SecureContent::kAccessList) {
    add_access_list(property, principals, witnesses);
  } else if (property.content == SecureContent::kPassword) {
    add_password(property, witnesses);
  }
}

SecretBytes password_data(Bytes utf16le) {
  SecretBytes data(kZeroPrefix + utf16le.size() + 2);
  std::ranges::copy(utf16le, data.writable().begin() + kZeroPrefix);
  return data;
}

bool is_password_data(Bytes data) {
  constexpr std::uint16_t kFirstPrintable = 0x20;
  if (data.size() < kZeroPrefix + 2 || data.size() % 2 != 0) {
    return false;
  }
  for (std::size_t at = kZeroPrefix; at < data.size() - 2; at += 2) {
    if (u16_at(data, at, "character") < kFirstPrintable) {
      return false;
    }
  }
  return u16_at(data, data.size() - 2, "closing NUL") == 0;
}

}  // namespace iwamtrace
