#include "parsers/metabase/signature.h"

#include <algorithm>
#include <ctime>
#include <gmp.h>
#include <string>

namespace iwamtrace {
namespace {

using namespace std::string_view_literals;

constexpr unsigned long kExponent = 65537;
constexpr std::size_t kSignatureSize = 64;  // of a metabase's own keys
// ASN.1 around the digest: its algorithm and size.
constexpr std::string_view kMd5DigestInfo =
    "\x30\x20\x30\x0c\x06\x08\x2a\x86\x48\x86\xf7\x0d\x02\x05\x05\x00\x04\x10"sv;
constexpr std::size_t kDigestSize = 16;
constexpr std::size_t kLeastPadding = 8;
constexpr std::size_t kSmallestBlock = 3 + kLeastPadding + kMd5DigestInfo.size() + kDigestSize;
constexpr std::size_t kLargestBlock = 512;

// A search is worth two partners for the first message: the second settles an unlucky guess.
constexpr std::size_t kMostPartners = 2;
// Measured with GMP 6.2 on numbers of 33 million bits: 53.
constexpr double kPowersPerDivisor = 60;

class BigNumber {
 public:
  BigNumber() { mpz_init(number_); }
  explicit BigNumber(Bytes big_endian) : BigNumber() {
    mpz_import(number_, big_endian.size(), 1, 1, 0, 0, big_endian.data());
  }
  ~BigNumber() { mpz_clear(number_); }
  BigNumber(const BigNumber&) = delete;
  BigNumber& operator=(const BigNumber&) = delete;

  [[nodiscard]] mpz_ptr get() { return number_; }
  [[nodiscard]] mpz_srcptr get() const { return number_; }
  [[nodiscard]] std::size_t bits() const { return mpz_sizeinbase(number_, 2); }
  // Of that size; longer numbers are not asked for.
  [[nodiscard]] std::vector<std::byte> big_endian(std::size_t size) const {
    std::vector<std::byte> bytes(size);
    const std::size_t used = mpz_sgn(number_) == 0 ? 0 : (bits() + 7) / 8;
    mpz_export(bytes.data() + (size - used), nullptr, 1, 1, 0, 0, number_);
    return bytes;
  }

 private:
  mpz_t number_{};
};

std::vector<std::byte> reversed(Bytes bytes) { return {bytes.rbegin(), bytes.rend()}; }

// What stands before the digest: 00 01 FF … FF 00 and the digest's description.
std::vector<std::byte> block_head(std::size_t block_size) {
  std::vector<std::byte> head(block_size - kDigestSize, std::byte{0xFF});
  head[0] = std::byte{0};
  head[1] = std::byte{1};
  const std::size_t info = head.size() - kMd5DigestInfo.size();
  head[info - 1] = std::byte{0};
  std::ranges::copy(as_bytes(kMd5DigestInfo), head.begin() + static_cast<std::ptrdiff_t>(info));
  return head;
}

// s^65537 less the block that s should give: a multiple of the modulus, if the message is right.
void multiple_of_modulus(const SignedMessage& given, BigNumber& multiple) {
  std::vector<std::byte> block = block_head(kSignatureSize);
  const Key16 digest = md5({given.message.view()});
  block.insert(block.end(), digest.bytes.begin(), digest.bytes.end());
  const BigNumber signature(reversed(given.signature));
  const BigNumber expected{Bytes(block)};
  mpz_pow_ui(multiple.get(), signature.get(), kExponent);
  mpz_sub(multiple.get(), multiple.get(), expected.get());
}

// Two multiples may have small factors in common besides the modulus, which has none.
void divide_out_small_factors(BigNumber& number) {
  constexpr unsigned long kSmall = 1UL << 16;
  for (unsigned long factor = 2; factor < kSmall; ++factor) {
    while (mpz_cmp_ui(number.get(), 1) > 0 && mpz_divisible_ui_p(number.get(), factor) != 0) {
      mpz_divexact_ui(number.get(), number.get(), factor);
    }
  }
}

double cpu_seconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

std::optional<SignatureKey> key_in(BigNumber& divisor) {
  constexpr std::size_t kFewestBits = 8 * kSignatureSize - 7;
  if (mpz_sgn(divisor.get()) == 0) {
    return std::nullopt;
  }
  divide_out_small_factors(divisor);
  if (divisor.bits() < kFewestBits || divisor.bits() > 8 * kSignatureSize) {
    return std::nullopt;
  }
  return SignatureKey::of_modulus(divisor.big_endian(kSignatureSize));
}

// A key of two messages must be that of a third, where there is one.
bool signed_something_else(const SignatureKey& key, std::span<const SignedMessage> messages,
                           std::size_t partner, std::span<const Bytes> others) {
  const auto of_key = [&](Bytes signature) { return key.signed_digest(signature).has_value(); };
  bool any = !others.empty();
  for (std::size_t i = 1; i < messages.size(); ++i) {
    any = any || i != partner;
    if (i != partner && of_key(messages[i].signature)) {
      return true;
    }
  }
  return !any || std::ranges::any_of(others, of_key);
}

}  // namespace

std::optional<SignatureKey> SignatureKey::of_modulus(Bytes big_endian) {
  const bool possible = big_endian.size() >= kSmallestBlock && big_endian.size() <= kLargestBlock &&
                        big_endian.front() != std::byte{} &&
                        (big_endian.back() & std::byte{1}) != std::byte{};
  return possible ? std::optional{SignatureKey(big_endian)} : std::nullopt;
}

std::optional<Key16> SignatureKey::signed_digest(Bytes signature) const {
  if (signature.size() != modulus_.size()) {
    return std::nullopt;
  }
  const BigNumber modulus{Bytes(modulus_)};
  BigNumber number(reversed(signature));
  if (mpz_cmp(number.get(), modulus.get()) >= 0) {
    return std::nullopt;
  }
  mpz_powm_ui(number.get(), number.get(), kExponent, modulus.get());
  const std::vector<std::byte> block = number.big_endian(modulus_.size());
  const std::vector<std::byte> head = block_head(block.size());
  if (!std::ranges::equal(head, Bytes(block).first(head.size()))) {
    return std::nullopt;
  }
  Key16 digest;
  std::ranges::copy(Bytes(block).last(kDigestSize), digest.bytes.begin());
  return digest;
}

ProofBudget::ProofBudget(std::chrono::seconds allowed)
    : ends_(cpu_seconds() + static_cast<double>(allowed.count())) {}

double ProofBudget::seconds_left() const { return ends_ - cpu_seconds(); }

KeySearch find_signature_key(std::span<const SignedMessage> messages, std::span<const Bytes> others,
                             const ProofBudget& budget,
                             const std::function<void(std::string_view)>& enter) {
  using Result = KeySearch::Result;
  const auto usable = [](const SignedMessage& given) {
    return given.signature.size() == kSignatureSize;
  };
  if (messages.size() < 2 || !std::ranges::all_of(messages, usable)) {
    return {Result::kTooFewMessages, std::nullopt};
  }
  if (budget.seconds_left() <= 0) {
    return {Result::kBudgetOver, std::nullopt};
  }
  enter("recovering the signature key: first power");
  const double before = budget.seconds_left();
  BigNumber first;
  multiple_of_modulus(messages[0], first);
  const double needed = (before - budget.seconds_left()) * (1 + kPowersPerDivisor);
  for (std::size_t i = 1; i < std::min(messages.size(), 1 + kMostPartners); ++i) {
    if (budget.seconds_left() < needed) {
      return {Result::kBudgetOver, std::nullopt};
    }
    enter("recovering the signature key: second power");
    BigNumber second;
    multiple_of_modulus(messages[i], second);
    enter("recovering the signature key: greatest common divisor");
    mpz_gcd(second.get(), first.get(), second.get());
    const auto key = key_in(second);
    if (key && signed_something_else(*key, messages, i, others)) {
      return {Result::kFound, key};
    }
  }
  return {Result::kNoKey, std::nullopt};
}

}  // namespace iwamtrace
