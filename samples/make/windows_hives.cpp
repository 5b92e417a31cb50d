#include "make/windows_hives.h"

#include "make/bytes.h"

namespace iwamtrace {
namespace {

constexpr std::uint8_t kAllow = 0, kDeny = 1;
constexpr std::uint32_t kKeyAllAccess = 0xF003F, kKeyRead = 0x20019;
constexpr std::uint32_t kReadAndChangeDescriptor = 0x60000;

MadeValue value_of(std::string_view name, std::uint32_t type, std::string data) {
  return MadeValue{.name = std::string(name), .type = type, .data = std::move(data)};
}

std::string text_bytes(std::string_view text) {
  ByteWriter out;
  out.utf16_z(text);
  return out.take();
}

std::string entry_bytes(const AccessControlEntry& entry) {
  const std::string sid = sid_bytes(entry.trustee);
  ByteWriter out;
  out.u8(entry.type).u8(entry.flags).u16(8 + sid.size()).u32(entry.mask).bytes(sid);
  return out.take();
}

std::string dacl_bytes(const std::vector<AccessControlEntry>& entries) {
  constexpr std::uint8_t kRevision = 2;
  ByteWriter body;
  for (const AccessControlEntry& entry : entries) {
    body.bytes(entry_bytes(entry));
  }
  ByteWriter out;
  out.u8(kRevision).u8(0).u16(8 + body.size()).u16(entries.size()).u16(0).bytes(body.view());
  return out.take();
}

std::string owned_by_administrators(std::vector<AccessControlEntry> dacl) {
  return descriptor_bytes(SecurityDescriptor{.owner = well_known::kAdministrators,
                                             .group = well_known::kSystem,
                                             .has_dacl = true,
                                             .dacl = std::move(dacl)});
}

}  // namespace

MadeValue text_value(std::string_view name, std::string_view text) {
  return value_of(name, kRegSz, text_bytes(text));
}

MadeValue expandable_value(std::string_view name, std::string_view text) {
  return value_of(name, kRegExpandSz, text_bytes(text));
}

MadeValue list_value(std::string_view name, const std::vector<std::string>& lines) {
  ByteWriter out;
  for (const std::string& line : lines) {
    out.utf16_z(line);
  }
  out.u16(0);
  return value_of(name, kRegMultiSz, out.take());
}

MadeValue number_value(std::string_view name, std::uint32_t number) {
  ByteWriter out;
  out.u32(number);
  return value_of(name, kRegDword, out.take());
}

MadeValue binary_value(std::string_view name, std::string_view data) {
  return value_of(name, kRegBinary, std::string(data));
}

MadeValue unnamed_value(std::string_view data, std::uint32_t type) {
  return value_of({}, type, std::string(data));
}

MadeKey& dated_key(MadeKey& key, std::string_view path, Timestamp written) {
  MadeKey& made = key.make(path);
  made.written = written;
  return made;
}

AccessControlEntry allow_ace(const Sid& trustee, std::uint32_t mask, std::uint8_t flags) {
  return AccessControlEntry{.type = kAllow, .flags = flags, .mask = mask, .trustee = trustee};
}

AccessControlEntry deny_ace(const Sid& trustee, std::uint32_t mask, std::uint8_t flags) {
  return AccessControlEntry{.type = kDeny, .flags = flags, .mask = mask, .trustee = trustee};
}

std::string descriptor_bytes(const SecurityDescriptor& descriptor, std::uint16_t control) {
  constexpr std::uint32_t kHeader = 20;
  constexpr std::uint32_t kDaclPresent = 0x0004, kSelfRelative = 0x8000;
  const std::string dacl = descriptor.has_dacl ? dacl_bytes(descriptor.dacl) : std::string{};
  const std::string owner = descriptor.owner ? sid_bytes(*descriptor.owner) : std::string{};
  const std::string group = descriptor.group ? sid_bytes(*descriptor.group) : std::string{};
  const std::size_t owner_at = kHeader + dacl.size();
  const std::size_t group_at = owner_at + owner.size();
  ByteWriter out;
  out.u8(1).u8(0).u16(kSelfRelative | control | (descriptor.has_dacl ? kDaclPresent : 0));
  out.u32(owner.empty() ? 0 : owner_at).u32(group.empty() ? 0 : group_at);
  out.u32(0).u32(dacl.empty() ? 0 : kHeader);
  out.bytes(dacl).bytes(owner).bytes(group);
  return out.take();
}

std::string security_of_secret_keys() {
  return owned_by_administrators(
      {allow_ace(well_known::kSystem, kKeyAllAccess, kInheritedByContainers),
       allow_ace(well_known::kAdministrators, kReadAndChangeDescriptor, kInheritedByContainers)});
}

std::string security_of_public_keys() {
  return owned_by_administrators(
      {allow_ace(well_known::kUsers, kKeyRead, kInheritedByContainers),
       allow_ace(well_known::kAdministrators, kKeyAllAccess, kInheritedByContainers),
       allow_ace(well_known::kSystem, kKeyAllAccess, kInheritedByContainers)});
}

}  // namespace iwamtrace
