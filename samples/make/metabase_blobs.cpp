#include "make/metabase_blobs.h"

#include <algorithm>
#include <gmp.h>
#include <stdexcept>
#include <vector>

#include "make/bytes.h"
#include "make/windows_crypto.h"
#include "make/windows_hives.h"

namespace iwamtrace {
namespace {

using namespace std::string_view_literals;

constexpr std::size_t kRsaSize = 64;
constexpr std::size_t kRc4KeySize = 16;
// Read, write, enumerate, write restricted and unsecured, change the ACL.
constexpr std::uint32_t kAdministratorAccess = 0x000400AB;
constexpr std::string_view kMd5DigestInfo =
    "\x30\x20\x30\x0c\x06\x08\x2a\x86\x48\x86\xf7\x0d\x02\x05\x05\x00\x04\x10"sv;

struct Primes {
  const char* p;
  const char* q;
};

constexpr Primes signature_primes(MetabaseMachine machine) {
  return machine == MetabaseMachine::kFirst
             ? Primes{"ef6001d21093cab577beaedb5f0672b375bb4f0b27fc9dda22d97dcd76004ec9",
                      "e81349f462deb2a162fb65969624233554bfad22af1105334da5f8dbe8923b6f"}
             : Primes{"dab7f80a7aaf1d46de8389c14a2fb7b1da2bc61809c16950f59578d21992183d",
                      "d637cd0e20d994aaba54e447e20b8be56641eb2e8388c05d8a9ec9f1e953e3a3"};
}

constexpr Primes exchange_primes(MetabaseMachine machine) {
  return machine == MetabaseMachine::kFirst
             ? Primes{"dc03cfc57d7afde2f26e17b843edeb35f504f83a8d58731a85089cea7e539195",
                      "ff825212d8dd7291fa9fd1a71c33005456e633852eba8e7989a51d2d34937ca9"}
             : Primes{"e213231379c0822e91445cab5c7e44ecabe6f1cd4abac3b62540021afe1dba4f",
                      "ee28956cf6580dd8c6fcae33e89a5d6afa8d5ecc6105478248f88fb1988081fd"};
}

class BigNumber {
 public:
  BigNumber() { mpz_init(number_); }
  explicit BigNumber(const char* hexadecimal) { mpz_init_set_str(number_, hexadecimal, 16); }
  explicit BigNumber(std::string_view big_endian) : BigNumber() {
    mpz_import(number_, big_endian.size(), 1, 1, 0, 0, big_endian.data());
  }
  ~BigNumber() { mpz_clear(number_); }
  BigNumber(const BigNumber& other) { mpz_init_set(number_, other.number_); }
  BigNumber& operator=(const BigNumber&) = delete;

  [[nodiscard]] BigNumber times(const BigNumber& other) const {
    BigNumber product;
    mpz_mul(product.number_, number_, other.number_);
    return product;
  }
  [[nodiscard]] BigNumber less_one() const {
    BigNumber difference;
    mpz_sub_ui(difference.number_, number_, 1);
    return difference;
  }
  [[nodiscard]] BigNumber inverse_modulo(const BigNumber& modulus) const {
    BigNumber inverse;
    mpz_invert(inverse.number_, number_, modulus.number_);
    return inverse;
  }
  [[nodiscard]] BigNumber power(const BigNumber& exponent, const BigNumber& modulus) const {
    BigNumber result;
    mpz_powm(result.number_, number_, exponent.number_, modulus.number_);
    return result;
  }
  [[nodiscard]] BigNumber modulo(const BigNumber& modulus) const {
    BigNumber rest;
    mpz_mod(rest.number_, number_, modulus.number_);
    return rest;
  }
  [[nodiscard]] std::string big_endian(std::size_t size = kRsaSize) const {
    std::string bytes(size, '\0');
    const std::size_t used = (mpz_sizeinbase(number_, 2) + 7) / 8;
    mpz_export(bytes.data() + size - used, nullptr, 1, 1, 0, 0, number_);
    return bytes;
  }

 private:
  mpz_t number_{};
};

struct RsaKey {
  BigNumber modulus, public_exponent, private_exponent;
};

RsaKey rsa_key(const Primes& primes) {
  const BigNumber p(primes.p);
  const BigNumber q(primes.q);
  const BigNumber exponent("10001");  // 65537
  return {p.times(q), exponent, exponent.inverse_modulo(p.less_one().times(q.less_one()))};
}

MetabaseRsaKey whole_key(const Primes& primes) {
  constexpr std::size_t kHalf = kRsaSize / 2;
  const RsaKey key = rsa_key(primes);
  const BigNumber p(primes.p);
  const BigNumber q(primes.q);
  return {.modulus = key.modulus.big_endian(),
          .exponent = key.private_exponent.big_endian(),
          .prime1 = p.big_endian(kHalf),
          .prime2 = q.big_endian(kHalf),
          .exponent1 = key.private_exponent.modulo(p.less_one()).big_endian(kHalf),
          .exponent2 = key.private_exponent.modulo(q.less_one()).big_endian(kHalf),
          .coefficient = q.inverse_modulo(p).big_endian(kHalf)};
}

std::string reversed(std::string text) {
  std::ranges::reverse(text);
  return text;
}

// CryptoAPI's integers are little-endian.
std::string signature_of(std::string_view message, MetabaseMachine machine) {
  const RsaKey key = rsa_key(signature_primes(machine));
  return reversed(BigNumber(std::string_view(metabase_signature_block(message)))
                      .power(key.private_exponent, key.modulus)
                      .big_endian());
}

// PKCS #1 v1.5, block type 2. What should be random follows from the key.
std::string wrapped_session_key(const MetabaseKeys& keys) {
  std::string filler =
      bytes_of_seed("block of " + keys.session_key, kRsaSize - 3 - keys.session_key.size());
  std::ranges::replace(filler, '\0', '\x01');
  const std::string block = std::string("\0\x02"sv) + filler + '\0' + reversed(keys.session_key);
  const RsaKey key = rsa_key(exchange_primes(keys.machine));
  return reversed(
      BigNumber(std::string_view(block)).power(key.public_exponent, key.modulus).big_endian());
}

std::string admin_acl(std::vector<AccessControlEntry> dacl) {
  return descriptor_bytes(SecurityDescriptor{.owner = well_known::kAdministrators,
                                             .group = well_known::kAdministrators,
                                             .has_dacl = true,
                                             .dacl = std::move(dacl)},
                          kOwnerDefaulted | kGroupDefaulted);
}

// The frame of IcDb and IcKb. What pads the data to 8 bytes is what the memory held before.
std::string signed_blob(std::string_view name, std::string_view data,
                        const std::string& signature) {
  const std::size_t padding = (8 - data.size() % 8) % 8;
  ByteWriter out;
  out.bytes(name).u32(8 + data.size() + padding + signature.size());
  out.u32(data.size()).u32(signature.size()).bytes(data);
  out.bytes(bytes_of_seed("leftover " + std::string(data), padding)).bytes(signature);
  return out.take();
}

}  // namespace

std::string encrypted_metabase_blob(std::string_view cleartext, const MetabaseKeys& keys) {
  if (keys.session_key.empty() || keys.session_key.size() > kRc4KeySize) {
    throw std::invalid_argument("no size for a session key");
  }
  std::string rc4_key = keys.session_key;
  rc4_key.resize(kRc4KeySize, '\0');
  const std::string message = std::string(4, '\0') + std::string(cleartext);
  return signed_blob("IcDb", rc4_encrypted(rc4_key, message), signature_of(message, keys.machine));
}

std::string session_key_metabase_blob(const MetabaseKeys& keys) {
  constexpr std::uint32_t kRc4 = 0x6801, kRsaExchange = 0xA400;
  ByteWriter simple_blob;
  simple_blob.u8(1).u8(2).u16(0).u32(kRc4).u32(kRsaExchange).bytes(wrapped_session_key(keys));
  return signed_blob("IcKb", simple_blob.view(), signature_of(simple_blob.view(), keys.machine));
}

std::string cleartext_metabase_blob(std::string_view cleartext) {
  ByteWriter out;
  out.bytes("IcCb").u32(cleartext.size()).bytes(cleartext);
  return out.take();
}

std::string metabase_signature_block(std::string_view message) {
  const std::string digest = std::string(kMd5DigestInfo) + md5_of(message);
  return std::string("\0\x01"sv) + std::string(kRsaSize - 3 - digest.size(), '\xFF') + '\0' +
         digest;
}

std::string metabase_signature_modulus(MetabaseMachine machine) {
  return rsa_key(signature_primes(machine)).modulus.big_endian();
}

MetabaseRsaKey metabase_signature_key(MetabaseMachine machine) {
  return whole_key(signature_primes(machine));
}

MetabaseRsaKey metabase_exchange_key(MetabaseMachine machine) {
  return whole_key(exchange_primes(machine));
}

std::string admin_acl_for_administrators() {
  return admin_acl({allow_ace(well_known::kAdministrators, kAdministratorAccess)});
}

std::string admin_acl_for_services(const Sid& iis_wpg, std::uint32_t access) {
  constexpr Sid kLocalService{1, 1, 5, {19}};
  constexpr Sid kNetworkService{1, 1, 5, {20}};
  return admin_acl({allow_ace(kLocalService, access), allow_ace(kNetworkService, access),
                    allow_ace(iis_wpg, access),
                    allow_ace(well_known::kAdministrators, kAdministratorAccess)});
}

}  // namespace iwamtrace
