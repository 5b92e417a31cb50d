#include "parsers/dpapi/rsa_container_file.h"

#include <algorithm>
#include <array>

#include "parsers/dpapi/dpapi_layout.h"

namespace iwamtrace {
namespace {

namespace layout = dpapi_layout;

// In the order of the head.
struct Lengths {
  std::uint32_t name = 0;
  std::uint32_t signature_public = 0, signature_private = 0;
  std::uint32_t exchange_public = 0, exchange_private = 0;
  std::uint32_t hash = 0;
  std::uint32_t signature_flags = 0, exchange_flags = 0;
};

Lengths read_lengths(Bytes file) {
  Cursor cursor(file, 8);
  Lengths lengths;
  for (std::uint32_t* length :
       {&lengths.name, &lengths.signature_public, &lengths.signature_private,
        &lengths.exchange_public, &lengths.exchange_private, &lengths.hash,
        &lengths.signature_flags, &lengths.exchange_flags}) {
    *length = cursor.u32("length of a part");
  }
  return lengths;
}

bool is_name(Bytes bytes) {
  return bytes.size() > 1 && bytes.back() == std::byte{} &&
         std::ranges::all_of(bytes.first(bytes.size() - 1), [](std::byte byte) {
           return byte >= std::byte{0x20} && byte < std::byte{0x7F};
         });
}

}  // namespace

bool looks_like_rsa_container(Bytes first_bytes) {
  if (first_bytes.size() < layout::kContainerName ||
      u32_at(first_bytes, 0, "version") != layout::kContainerVersion) {
    return false;
  }
  const Lengths lengths = read_lengths(first_bytes);
  const std::array parts{lengths.signature_public, lengths.signature_private,
                         lengths.exchange_public,  lengths.exchange_private,
                         lengths.signature_flags,  lengths.exchange_flags};
  return lengths.hash == layout::kContainerHashSize && lengths.name <= layout::kLongestName &&
         std::ranges::all_of(parts, [](auto size) { return size <= layout::kLongestPart; }) &&
         first_bytes.size() - layout::kContainerName >= lengths.name &&
         is_name(first_bytes.subspan(layout::kContainerName, lengths.name));
}

RsaContainerFile read_rsa_container_file(Bytes file) {
  const Lengths lengths = read_lengths(file);
  Cursor cursor(file, layout::kContainerName);
  RsaContainerFile result;
  const Bytes name = cursor.bytes(lengths.name, "name of the container");
  std::ranges::transform(name.first(name.size() - std::min<std::size_t>(name.size(), 1)),
                         std::back_inserter(result.name),
                         [](std::byte byte) { return static_cast<char>(byte); });
  const auto part = [&](std::uint32_t size, std::string_view field) {
    const ContainerPart taken{cursor.at(), size};
    cursor.skip(size, field);
    return taken;
  };
  try {
    part(lengths.hash, "hash");
    result.signature.public_key = part(lengths.signature_public, "public signature key");
    result.signature.private_key = part(lengths.signature_private, "private signature key");
    result.signature.export_flags = part(lengths.signature_flags, "signature key's export flags");
    result.exchange.public_key = part(lengths.exchange_public, "public exchange key");
    result.exchange.private_key = part(lengths.exchange_private, "private exchange key");
    result.exchange.export_flags = part(lengths.exchange_flags, "exchange key's export flags");
  } catch (const ParseError& error) {
    result.broken = error;
  }
  result.end = cursor.at();
  return result;
}

}  // namespace iwamtrace
