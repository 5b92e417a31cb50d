#include "parsers/rsa_key.h"

#include <algorithm>
#include <cstring>
#include <gmp.h>

#include "parsers/dpapi/dpapi_layout.h"

namespace iwamtrace {
namespace {

namespace layout = dpapi_layout;

// A number that may be secret: overwritten when it goes.
class BigNumber {
 public:
  BigNumber() { mpz_init2(number_, mp_bitcnt_t{2} * layout::kLongestModulus); }
  explicit BigNumber(std::uint32_t value) : BigNumber() { mpz_set_ui(number_, value); }
  ~BigNumber() {
    explicit_bzero(number_->_mp_d,
                   static_cast<std::size_t>(number_->_mp_alloc) * sizeof(mp_limb_t));
    mpz_clear(number_);
  }
  BigNumber(const BigNumber&) = delete;
  BigNumber& operator=(const BigNumber&) = delete;

  enum class Order : std::int8_t { kLittleEndian = -1, kBigEndian = 1 };
  BigNumber(Bytes bytes, Order order) : BigNumber() {
    mpz_import(number_, bytes.size(), static_cast<int>(order), 1, 0, 0, bytes.data());
  }

  [[nodiscard]] bool is_product_of(const BigNumber& left, const BigNumber& right) const {
    BigNumber product;
    mpz_mul(product.number_, left.number_, right.number_);
    return mpz_cmp(product.number_, number_) == 0;
  }
  // Whether this times `other` leaves 1 when divided by `prime` - 1.
  [[nodiscard]] bool is_inverse_of(const BigNumber& other, const BigNumber& prime) const {
    if (mpz_cmp_ui(prime.number_, 2) <= 0) {
      return false;
    }
    BigNumber order;
    BigNumber product;
    mpz_sub_ui(order.number_, prime.number_, 1);
    mpz_mul(product.number_, number_, other.number_);
    mpz_mod(product.number_, product.number_, order.number_);
    return mpz_cmp_ui(product.number_, 1) == 0;
  }
  [[nodiscard]] bool less_than(const BigNumber& other) const {
    return mpz_cmp(number_, other.number_) < 0;
  }
  // `modulus` is not 0.
  void raise(const BigNumber& exponent, const BigNumber& modulus) {
    mpz_powm(number_, number_, exponent.number_, modulus.number_);
  }
  // With zeros before it; the number fits.
  [[nodiscard]] SecretBytes big_endian(std::size_t size) const {
    SecretBytes bytes(size);
    const std::size_t used = (mpz_sizeinbase(number_, 2) + 7) / 8;
    mpz_export(bytes.writable().data() + (size - used), nullptr, 1, 1, 0, 0, number_);
    return bytes;
  }

 private:
  mpz_t number_{};
};

using Order = BigNumber::Order;

// What RSA1 and RSA2 begin with: how long the modulus is, in bytes and as it is stored.
struct Head {
  std::size_t size = 0, stored = 0;
  std::uint32_t exponent = 0;
};

Head read_head(Cursor& cursor, std::uint32_t magic) {
  const std::size_t start = cursor.at();
  const std::uint32_t found = cursor.u32("RSA key");
  const std::uint32_t stored = cursor.u32("length of the modulus");
  const std::uint32_t bits = cursor.u32("bits of the modulus");
  cursor.skip(4, "bytes of the modulus");
  const std::uint32_t exponent = cursor.u32("public exponent");
  if (found != magic || bits < layout::kShortestModulus || bits > layout::kLongestModulus ||
      bits % 8 != 0 || stored < bits / 8 || stored > 2 * (bits / 8) || stored % 2 != 0) {
    throw ParseError(start, "no RSA key: mark " + hex_offset(found) + ", " + std::to_string(bits) +
                                " bits in " + std::to_string(stored) + " bytes");
  }
  return {bits / 8, stored, exponent};
}

// Little-endian numbers are stored with zeros behind them.
Bytes read_number(Cursor& cursor, std::size_t stored, std::size_t size, std::string_view field) {
  const std::size_t start = cursor.at();
  const Bytes bytes = cursor.bytes(stored, field);
  if (!std::ranges::all_of(bytes.subspan(size), [](std::byte b) { return b == std::byte{}; })) {
    throw ParseError(start, std::string(field) + ": longer than the key");
  }
  return bytes.first(size);
}

[[noreturn]] void refuse(std::string_view what) { throw ParseError(0, std::string(what)); }

// 00 02, at least eight bytes that are not zero, 00, the message (PKCS #1 v1.5, type 2).
std::optional<Bytes> message_in(Bytes block) {
  constexpr std::size_t kHead = 2;
  constexpr std::size_t kLeastFiller = 8;
  if (block[0] != std::byte{0} || block[1] != std::byte{2}) {
    return std::nullopt;
  }
  const Bytes rest = block.subspan(kHead);
  const auto filler = static_cast<std::size_t>(std::ranges::find(rest, std::byte{}) - rest.begin());
  if (filler < kLeastFiller || filler == rest.size()) {
    return std::nullopt;
  }
  return rest.subspan(filler + 1);
}

}  // namespace

RsaPublicKey read_rsa_public_key(Cursor& cursor) {
  const Head head = read_head(cursor, layout::kPublicMagic);
  const std::size_t start = cursor.at();
  const Bytes modulus = read_number(cursor, head.stored, head.size, "modulus");
  RsaPublicKey key;
  key.modulus.assign(modulus.rbegin(), modulus.rend());
  key.exponent = head.exponent;
  const bool odd = (key.modulus.back() & std::byte{1}) != std::byte{};
  if (!odd || key.modulus.front() == std::byte{}) {
    throw ParseError(start, "the modulus is none of its length");
  }
  return key;
}

RsaPrivateKey read_rsa_private_key(Bytes bytes, const RsaPublicKey& public_key) {
  Cursor cursor(bytes);
  const Head head = read_head(cursor, layout::kPrivateMagic);
  const std::size_t half = head.size / 2;
  const auto prime = [&](std::string_view field) {
    return read_number(cursor, head.stored / 2, half, field);
  };
  if (head.size % 2 != 0 || head.size != public_key.modulus.size()) {
    refuse("the private key is not as long as the public one");
  }
  const Bytes modulus = read_number(cursor, head.stored, head.size, "modulus");
  const BigNumber p(prime("first prime"), Order::kLittleEndian);
  const BigNumber q(prime("second prime"), Order::kLittleEndian);
  for (const char* field : {"first exponent", "second exponent", "coefficient"}) {
    prime(field);  // only make it faster
  }
  const BigNumber exponent(read_number(cursor, head.stored, head.size, "private exponent"),
                           Order::kLittleEndian);
  if (!std::equal(modulus.rbegin(), modulus.rend(), public_key.modulus.begin()) ||
      head.exponent != public_key.exponent) {
    refuse("the private key does not belong to the public one");
  }
  const BigNumber public_exponent(head.exponent);
  if (!BigNumber(modulus, Order::kLittleEndian).is_product_of(p, q) ||
      !exponent.is_inverse_of(public_exponent, p) || !exponent.is_inverse_of(public_exponent, q)) {
    refuse("the numbers of the private key do not belong together");
  }
  RsaPrivateKey key;
  key.modulus = public_key.modulus;
  key.exponent = exponent.big_endian(head.size);
  return key;
}

std::optional<Key16> open_session_key(Bytes simple_blob, const RsaPrivateKey& key) {
  constexpr std::size_t kShortestKey = 5;  // 40 bits
  const std::size_t size = key.modulus.size();
  if (simple_blob.size() != layout::kSimpleBlobHeader + size ||
      u32_at(simple_blob, 0, "SIMPLEBLOB") != layout::kSimpleBlob ||
      u32_at(simple_blob, 4, "algorithm of the session key") != layout::kRc4 ||
      u32_at(simple_blob, 8, "algorithm of its wrapping") != layout::kRsaExchange) {
    return std::nullopt;
  }
  BigNumber number(simple_blob.subspan(layout::kSimpleBlobHeader), Order::kLittleEndian);
  const BigNumber modulus(key.modulus, Order::kBigEndian);
  if (!number.less_than(modulus)) {
    return std::nullopt;
  }
  number.raise(BigNumber(key.exponent.view(), Order::kBigEndian), modulus);
  const SecretBytes block = number.big_endian(size);
  const auto message = message_in(block.view());
  Key16 session;
  if (!message || message->size() < kShortestKey || message->size() > session.bytes.size()) {
    return std::nullopt;
  }
  std::reverse_copy(message->begin(), message->end(), session.bytes.begin());
  return session;
}

}  // namespace iwamtrace
