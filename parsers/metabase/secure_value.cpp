#include "parsers/metabase/secure_value.h"

#include <algorithm>

#include "parsers/cursor.h"

namespace iwamtrace {
namespace {

constexpr std::string_view kEncrypted = "IcDb";
constexpr std::string_view kCleartext = "IcCb";
constexpr std::size_t kDataLength = 8;
constexpr std::size_t kEncryptedData = 16;
constexpr std::size_t kCleartextData = 8;
constexpr std::size_t kZeroPrefix = 4;  // stands before every cleartext

// UTF-16 up to its first NUL, without the zero prefix where there is one.
SecretBytes password_in(Bytes data) {
  const auto zero = [](std::byte byte) { return byte == std::byte{}; };
  if (data.size() >= kZeroPrefix && std::ranges::all_of(data.first(kZeroPrefix), zero)) {
    data = data.subspan(kZeroPrefix);
  }
  std::size_t size = 0;
  while (size + 2 <= data.size() && u16_at(data, size, "character") != 0) {
    size += 2;
  }
  return SecretBytes(data.first(size));
}

SecureValue clear(SecretBytes utf16) {
  SecureValue value;
  value.form = PasswordForm::kCleartext;
  value.characters = static_cast<std::uint32_t>(utf16.size() / 2);
  value.utf16 = std::move(utf16);
  return value;
}

SecureValue encrypted(Bytes blob) {
  const std::uint32_t length = u32_at(blob, kDataLength, "data length");
  const Bytes data = slice(blob, kEncryptedData, length, "encrypted data");
  SecureValue value;
  value.form = PasswordForm::kEncrypted;
  value.cipher = hex(data);
  // Four zero bytes, the UTF-16 text and its NUL: the length of the password is not hidden.
  constexpr std::uint32_t kEmptyText = kZeroPrefix + 2;
  if (length >= kEmptyText && length % 2 == 0) {
    value.characters = (length - kEmptyText) / 2;
  }
  return value;
}

}  // namespace

SecureValue read_secure_value(std::string_view attribute) {
  const auto blob = bytes_of_hex(attribute);
  try {
    if (blob && blob->starts_with(kEncrypted)) {
      return encrypted(as_bytes(*blob));
    }
    if (blob && blob->starts_with(kCleartext)) {
      return clear(password_in(as_bytes(*blob).subspan(std::min(blob->size(), kCleartextData))));
    }
  } catch (const ParseError&) {
    SecureValue value;
    value.form = PasswordForm::kUnreadable;
    return value;
  }
  // Typed into the file by hand.
  const std::u16string text = utf16_of(attribute);
  return clear(SecretBytes(std::as_bytes(std::span{text.data(), text.size()})));
}

}  // namespace iwamtrace
