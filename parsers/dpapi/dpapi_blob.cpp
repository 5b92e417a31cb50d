#include "parsers/dpapi/dpapi_blob.h"

#include <algorithm>

#include "parsers/dpapi/dpapi_layout.h"
#include "parsers/windows_types.h"

namespace iwamtrace {
namespace {

using namespace std::string_view_literals;

std::string guid_text(Bytes guid) {
  std::string text(kGuidText, '\0');
  guid_to_text(guid, text.data());
  return text;
}

Bytes counted_bytes(Cursor& cursor, std::string_view field) {
  const std::uint32_t size = cursor.u32(field);
  return cursor.bytes(size, field);
}

// The key in one block of the hash, each byte changed by `pad`: half of an HMAC.
SecretBytes padded_key(Hash hash, Bytes key, std::byte pad) {
  SecretBytes block(block_size(hash));
  std::ranges::copy(key.first(std::min(key.size(), block.size())), block.writable().begin());
  for (std::byte& byte : block.writable()) {
    byte ^= pad;
  }
  return block;
}
SecretBytes inner_key(Hash hash, Bytes key) { return padded_key(hash, key, std::byte{0x36}); }
SecretBytes outer_key(Hash hash, Bytes key) { return padded_key(hash, key, std::byte{0x5C}); }

// How the parts behind the salt are taken in. The early form puts them behind the inner hash, an
// HMAC's outer one then goes over all: they agree where there are no such parts.
enum class Form : std::uint8_t { kHmac, kEarly };

SecretBytes keyed(Form form, Hash hash, Bytes key, Bytes salt, Bytes entropy, Bytes data) {
  if (form == Form::kHmac) {
    return Hmac(hash, key).of({salt, entropy, data});
  }
  const SecretBytes inner = digest(hash, {inner_key(hash, key).view(), salt});
  return digest(hash, {outer_key(hash, key).view(), inner.view(), entropy, data});
}

// As CryptDeriveKey stretches a hash that is too short for the cipher.
SecretBytes cipher_key(const DpapiBlob& blob, const SecretBytes& session) {
  if (session.size() >= blob.cipher.key_size) {
    return SecretBytes(session.view().first(blob.cipher.key_size));
  }
  const SecretBytes left = digest(blob.hash, {inner_key(blob.hash, session.view()).view()});
  const SecretBytes right = digest(blob.hash, {outer_key(blob.hash, session.view()).view()});
  SecretBytes both(left.size() + right.size());
  std::ranges::copy(left.view(), both.writable().begin());
  std::ranges::copy(right.view(),
                    both.writable().begin() + static_cast<std::ptrdiff_t>(left.size()));
  return SecretBytes(both.view().first(blob.cipher.key_size));
}

// Cleartext without its padding (PKCS #7); nothing where there is none.
std::optional<SecretBytes> unpadded(const SecretBytes& plain, std::size_t block) {
  const Bytes bytes = plain.view();
  const auto padding = std::to_integer<std::size_t>(bytes.back());
  if (padding == 0 || padding > block ||
      !std::ranges::all_of(bytes.last(padding),
                           [&](std::byte byte) { return byte == bytes.back(); })) {
    return std::nullopt;
  }
  return SecretBytes(bytes.first(bytes.size() - padding));
}

}  // namespace

DpapiBlob read_dpapi_blob(Cursor& cursor) {
  // df9d8cd0-1501-11d1-8c7a-00c04fc297eb
  constexpr std::string_view kProvider =
      "\xd0\x8c\x9d\xdf\x01\x15\xd1\x11\x8c\x7a\x00\xc0\x4f\xc2\x97\xeb"sv;
  const std::size_t start = cursor.at();
  const std::uint32_t version = cursor.u32("version of the blob");
  const Bytes provider = cursor.bytes(kGuidSize, "provider of the blob");
  if (version != 1 || !std::ranges::equal(provider, as_bytes(kProvider))) {
    throw ParseError(start, "no DPAPI blob: version " + std::to_string(version) + ", provider " +
                                guid_text(provider));
  }
  DpapiBlob blob;
  Cursor checked = cursor;
  cursor.skip(4, "version of the master key");
  blob.master_key = guid_text(cursor.bytes(kGuidSize, "GUID of the master key"));
  cursor.skip(4, "flags of the blob");
  counted_bytes(cursor, "description");
  blob.cipher = read_dpapi_cipher(cursor);
  cursor.skip(4, "bits of the cipher key");
  blob.salt = counted_bytes(cursor, "salt");
  counted_bytes(cursor, "strong password");
  blob.hash = read_dpapi_hash(cursor);
  cursor.skip(4, "bits of the hash");
  blob.check_salt = counted_bytes(cursor, "salt of the check");
  const std::size_t data_start = cursor.at();
  blob.encrypted = counted_bytes(cursor, "encrypted data");
  if (blob.encrypted.empty() || blob.encrypted.size() % blob.cipher.block_size != 0) {
    throw ParseError(data_start,
                     "encrypted data of " + std::to_string(blob.encrypted.size()) + " bytes");
  }
  blob.checked = checked.bytes(cursor.at() - checked.at(), "checked stretch");
  blob.check = counted_bytes(cursor, "check");
  return blob;
}

std::optional<SecretBytes> open_dpapi_blob(const DpapiBlob& blob, Bytes master_key, Bytes entropy) {
  const SecretBytes key = digest(Hash::kSha1, {master_key});
  for (const Form form : {Form::kHmac, Form::kEarly}) {
    const SecretBytes check =
        keyed(form, blob.hash, key.view(), blob.check_salt, entropy, blob.checked);
    if (std::ranges::equal(check.view(), blob.check)) {
      const SecretBytes session = keyed(form, blob.hash, key.view(), blob.salt, entropy, {});
      const SecretBytes iv(blob.cipher.block_size);
      const SecretBytes plain =
          blob.cipher.decrypt(cipher_key(blob, session).view(), iv.view(), blob.encrypted);
      return unpadded(plain, blob.cipher.block_size);
    }
  }
  return std::nullopt;
}

}  // namespace iwamtrace
