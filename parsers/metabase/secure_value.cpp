#include "parsers/metabase/secure_value.h"

#include <algorithm>
#include <array>
#include <utility>

#include "parsers/cursor.h"

namespace iwamtrace {
namespace {

using Form = SecureValue::Form;

constexpr std::array<std::pair<std::string_view, Form>, 5> kBlobs{{
    {"IcDb", Form::kEncrypted},
    {"IcCb", Form::kCleartext},
    {"IcKb", Form::kSessionKey},
    {"IcHb", Form::kHash},
    {"IcPb", Form::kPublicKey},
}};
constexpr std::size_t kNameSize = 4;
constexpr std::size_t kBlobLength = 4;
constexpr std::size_t kDataLength = 8;
constexpr std::size_t kSignatureLength = 12;
constexpr std::size_t kData = 16;
constexpr std::size_t kBareData = 8;  // of IcCb, which has no lengths
constexpr std::size_t kAlignment = 8;

// A property of the metabase is a password or an access list; RSA keys of 4096 bits sign with 512
// bytes.
constexpr std::size_t kLargestData = std::size_t{64} << 10;
constexpr std::size_t kLargestSignature = 512;

std::optional<Form> form_of(std::string_view attribute) {
  const auto name = bytes_of_hex(attribute.substr(0, 2 * kNameSize));
  const auto* const found =
      std::ranges::find_if(kBlobs, [&](const auto& blob) { return name && blob.first == *name; });
  return found == kBlobs.end() ? std::nullopt : std::optional{found->second};
}

void read_signed_blob(Bytes blob, SecureValue& value) {
  const std::size_t size = u32_at(blob, kDataLength, "data length");
  if (size > kLargestData) {
    throw ParseError(kDataLength, "data of " + std::to_string(size) + " bytes");
  }
  value.data_at = kData;
  value.data = SecretBytes(slice(blob, kData, size, "data"));
  const std::size_t signature = u32_at(blob, kSignatureLength, "signature length");
  // The bytes between are what the memory held before.
  value.signature_at = kData + (size + kAlignment - 1) / kAlignment * kAlignment;
  if (signature > kLargestSignature || value.signature_at > blob.size() ||
      signature > blob.size() - value.signature_at) {
    value.because = "its signature is cut off";
    return;
  }
  const Bytes bytes = blob.subspan(value.signature_at, signature);
  value.signature.assign(bytes.begin(), bytes.end());
}

void read_blob(Bytes blob, SecureValue& value) {
  const std::size_t announced = u32_at(blob, kBlobLength, "blob length");
  if (value.form == Form::kEncrypted || value.form == Form::kSessionKey) {
    read_signed_blob(blob, value);
  } else {
    value.data_at = kBareData;
    value.data = SecretBytes(blob.subspan(kBareData));
  }
  if (announced != blob.size() - kBareData && value.because.empty()) {
    value.because = "it announces " + std::to_string(announced) + " bytes and has " +
                    std::to_string(blob.size() - kBareData);
  }
}

}  // namespace

bool starts_with_blob(std::string_view attribute) { return form_of(attribute).has_value(); }

SecureValue read_secure_value(std::string_view attribute) {
  SecureValue value;
  const auto form = form_of(attribute);
  if (!form) {
    const std::u16string text = utf16_of(attribute);
    value.form = Form::kText;
    value.data = SecretBytes(std::as_bytes(std::span{text.data(), text.size()}));
    return value;
  }
  value.form = *form;
  try {
    const auto blob = bytes_of_hex(attribute);
    if (!blob) {
      throw ParseError(0, "not all of it is hexadecimal");
    }
    read_blob(as_bytes(*blob), value);
  } catch (const ParseError& error) {
    value = {};
    value.because = error.what();
  }
  return value;
}

Bytes text_in(Bytes cleartext) {
  const auto zero = [](std::byte byte) { return byte == std::byte{}; };
  if (cleartext.size() >= kZeroPrefix && std::ranges::all_of(cleartext.first(kZeroPrefix), zero)) {
    cleartext = cleartext.subspan(kZeroPrefix);
  }
  std::size_t size = 0;
  while (size + 2 <= cleartext.size() && u16_at(cleartext, size, "character") != 0) {
    size += 2;
  }
  return cleartext.first(size);
}

std::optional<std::uint32_t> characters_of(const SecureValue& value) {
  switch (value.form) {
    case Form::kText:
      return static_cast<std::uint32_t>(value.data.size() / 2);
    case Form::kCleartext:
      return static_cast<std::uint32_t>(text_in(value.data.view()).size() / 2);
    case Form::kEncrypted:
      break;
    default:
      return std::nullopt;
  }
  constexpr std::size_t kEmptyText = kZeroPrefix + 2;
  const std::size_t size = value.data.size();
  if (size < kEmptyText || size % 2 != 0) {
    return std::nullopt;
  }
  return static_cast<std::uint32_t>((size - kEmptyText) / 2);
}

}  // namespace iwamtrace
