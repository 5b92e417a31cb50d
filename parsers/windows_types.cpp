#include "parsers/windows_types.h"

#include <array>

namespace iwamtrace {
namespace {

constexpr std::uint16_t kDaclPresent = 0x0004;

// MS-DTYP 2.4.4.1: where the SID stands in an ACE of that type; 0 where there is none we know.
std::size_t sid_offset(std::uint8_t ace_type, Bytes ace) {
  constexpr std::size_t kPlain = 8;
  constexpr std::size_t kObject = 12;
  switch (ace_type) {
    case 0x00:  // allowed, denied, audit, alarm, and the callback and label forms
    case 0x01:
    case 0x02:
    case 0x03:
    case 0x09:
    case 0x0A:
    case 0x0D:
    case 0x11:
    case 0x12:
    case 0x13:
      return kPlain;
    case 0x05:  // the object forms: flags say which GUIDs precede the SID
    case 0x06:
    case 0x07:
    case 0x0B:
    case 0x0C:
    case 0x0F: {
      const std::uint32_t flags = u32_at(ace, kPlain, "object ACE flags");
      return kObject + ((flags & 1) != 0 ? kGuidSize : 0) + ((flags & 2) != 0 ? kGuidSize : 0);
    }
    default:
      return 0;
  }
}

std::vector<AccessControlEntry> read_acl(Bytes acl) {
  Cursor cursor(acl);
  cursor.skip(4, "ACL revision and size");
  const std::uint16_t count = cursor.u16("ACE count");
  cursor.skip(2, "ACL padding");
  std::vector<AccessControlEntry> entries;
  for (std::uint16_t i = 0; i < count; ++i) {
    const std::size_t start = cursor.at();
    AccessControlEntry entry;
    entry.type = cursor.u8("ACE type");
    entry.flags = cursor.u8("ACE flags");
    const std::uint16_t size = cursor.u16("ACE size");
    constexpr std::uint16_t kSmallestAce = 8;
    if (size < kSmallestAce) {
      throw ParseError(start, "ACE of " + std::to_string(size) + " bytes");
    }
    entry.mask = cursor.u32("ACE mask");
    const Bytes ace = slice(acl, start, size, "ACE");
    if (const std::size_t at = sid_offset(entry.type, ace); at != 0) {
      Cursor sid(ace, at);
      entry.trustee = read_sid(sid);
    }
    entries.push_back(entry);
    cursor.seek(start + size);
  }
  return entries;
}

}  // namespace

Sid read_sid(Cursor& cursor) {
  Sid sid;
  const std::size_t start = cursor.at();
  sid.revision = cursor.u8("SID revision");
  sid.count = cursor.u8("SID subauthority count");
  if (sid.revision != 1 || sid.count > Sid::kMaxSubauthorities) {
    throw ParseError(start, "no SID: revision " + std::to_string(sid.revision) + ", " +
                                std::to_string(sid.count) + " subauthorities");
  }
  for (int i = 0; i < 6; ++i) {
    sid.authority = sid.authority << 8 | cursor.u8("SID authority");
  }
  for (std::size_t i = 0; i < sid.count; ++i) {
    sid.subauthorities[i] = cursor.u32("SID subauthority");
  }
  return sid;
}

char* guid_to_text(Bytes guid, char* out) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  constexpr std::array<std::uint8_t, kGuidSize> kOrder{3, 2, 1,  0,  5,  4,  7,  6,
                                                       8, 9, 10, 11, 12, 13, 14, 15};
  *out++ = '{';
  for (std::size_t i = 0; i < kGuidSize; ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) {
      *out++ = '-';
    }
    const auto byte = std::to_integer<std::size_t>(guid[kOrder[i]]);
    *out++ = kDigits[byte >> 4];
    *out++ = kDigits[byte & 0xF];
  }
  *out++ = '}';
  return out;
}

SecurityDescriptor read_security_descriptor(Bytes bytes) {
  Cursor cursor(bytes);
  cursor.skip(2, "security descriptor revision");
  const std::uint16_t control = cursor.u16("security descriptor control");
  const std::uint32_t owner = cursor.u32("owner offset");
  const std::uint32_t group = cursor.u32("group offset");
  cursor.skip(4, "SACL offset");
  const std::uint32_t dacl = cursor.u32("DACL offset");
  const auto sid_at = [&](std::uint32_t at) -> std::optional<Sid> {
    if (at == 0) {
      return std::nullopt;
    }
    Cursor place(bytes, at);
    return read_sid(place);
  };
  SecurityDescriptor descriptor;
  descriptor.owner = sid_at(owner);
  descriptor.group = sid_at(group);
  descriptor.has_dacl = (control & kDaclPresent) != 0 && dacl != 0;
  if (descriptor.has_dacl) {
    const std::uint16_t size = u16_at(bytes, dacl + std::size_t{2}, "DACL size");
    descriptor.dacl = read_acl(slice(bytes, dacl, size, "DACL"));
  }
  return descriptor;
}

}  // namespace iwamtrace
