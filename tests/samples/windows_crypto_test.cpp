#include "make/windows_crypto.h"

#include <gtest/gtest.h>
#include <stdexcept>

#include "make/bytes.h"
#include "tests/support/machine_examples.h"

namespace iwamtrace {
namespace {

// --- Known answers: bytes of real systems, made again ------------------------------------------

TEST(WindowsCrypto, HashesOfPasswordsArePublishedOnes) {
  EXPECT_EQ(shown_in_hex(nt_hash_of_password("password")), "8846f7eaee8fb117ad06bdd830b7586c");
  EXPECT_EQ(shown_in_hex(lm_hash_of_password("password")), "e52cac67419a9a224a3b108f3fa6cb6d");
  EXPECT_EQ(shown_in_hex(nt_hash_of_password("vF=1NyDkZvzdeK")),
            "dd05fb57f28c70c193198bb1dfed2f37");
  EXPECT_EQ(shown_in_hex(lm_hash_of_password("vF=1NyDkZvzdeK")),
            "f8ad3d220037936fc07d7f68d07d43e8");
  EXPECT_EQ(shown_in_hex(nt_hash_of_password("MD4St1llGo1ngStr0ng!")),
            "aee60ff2c44e47c68b41fe768346cb09");
  EXPECT_EQ(shown_in_hex(nt_hash_of_password("L0ngLiv3LM!")), "cd72e4f68a1984782e82dce87d486d53");
  EXPECT_EQ(shown_in_hex(lm_hash_of_password("L0ngLiv3LM!")), "b0e5df88ef1c16f1dde347abf49e1d97");
  EXPECT_EQ(shown_in_hex(nt_hash_of_password("")), "31d6cfe0d16ae931b73c59d7e0c089c0");
  EXPECT_THROW(lm_hash_of_password("fifteen letters"), std::invalid_argument);
  EXPECT_THROW(lm_hash_of_password("caf\xC3\xA9"), std::invalid_argument);
}

TEST(WindowsCrypto, ClassNamesOfBootKeysAreThoseOfRealMachines) {
  const auto classes = [](std::string_view boot_key) {
    std::string joined;
    for (const std::string& name : class_names_of_boot_key(raw_bytes(boot_key))) {
      joined += name + ' ';
    }
    return joined;
  };
  EXPECT_EQ(classes("9b01ef40d856a48795f6f3e627ef78b8"), "95f34087 ef01f6b8 9b56efd8 e6a42778 ");
  EXPECT_EQ(classes("36fa9db65bec1e1983d6970ead55dbc8"), "8397b619 9dfad6c8 36ec555b 0e1eaddb ");
  EXPECT_EQ(classes("7b143e8c93f5037451f6fe3bcee04f55"), "51fe8c74 3e14f655 7bf5e093 3b03ce4f ");
  EXPECT_EQ(classes("baf9e621dbe8f1ce622d6b36be9efb89"), "626b21ce e6f92d89 bae89edb 36f1befb ");
  EXPECT_EQ(classes("1d2bc4f8f5db1a525f803d6de4d1313c"), "5f3df852 c42b803c 1ddbd1f5 6d1ae431 ");
}

// Windows XP of the BitCurator project's M57-Pat.
const std::string kRealBootKey = raw_bytes("9b01ef40d856a48795f6f3e627ef78b8");
const std::string kRealSamKey = raw_bytes("f3c829e785d6ee3aaf3e49098354a4d9");
const std::string kRealLsaKey = raw_bytes("2b2c354c69367212d0f2d0556bba6c79");

TEST(WindowsCrypto, SamKeyIsProtectedAsOnARealXp) {
  EXPECT_EQ(shown_in_hex(sam_key_rc4(kRealSamKey, kRealBootKey,
                                     raw_bytes("0ceb8c8b510d82de7d0f882850ec86d0"))),
            "01000000380000000ceb8c8b510d82de7d0f882850ec86d0"
            "1513aed2cd58251286a4f029e104736b091202ccadfdecde79eff29823ae48fa");
}

TEST(WindowsCrypto, HashesAreProtectedAsOnARealXp) {
  EXPECT_EQ(shown_in_hex(hash_entry_rc4(PasswordHash::kNt, nt_hash_of_password("vF=1NyDkZvzdeK"),
                                        kRealSamKey, 1000)),
            "010001006b5ac60483fcf1beae3e14990744146f");
  EXPECT_EQ(shown_in_hex(hash_entry_rc4(PasswordHash::kLm, lm_hash_of_password("vF=1NyDkZvzdeK"),
                                        kRealSamKey, 1000)),
            "01000100dcaec8c97b4680845ed8ab045b7e959a");
  EXPECT_EQ(shown_in_hex(hash_entry_rc4(PasswordHash::kNtHistory, "", kRealSamKey, 1000, 2)),
            "02000100");
}

TEST(WindowsCrypto, HashesWithoutSyskeyAreThoseOfARealNt4) {
  EXPECT_EQ(shown_in_hex(hashes_under_rid(lm_hash_of_password("Passw0rd!1"), 500)),
            "3f17f137f529260b89b2d6f7e1141c70");
  EXPECT_EQ(shown_in_hex(hashes_under_rid(nt_hash_of_password("Passw0rd!1"), 500)),
            "845d2a9f54e1ebd482895a858d00985b");
}

TEST(WindowsCrypto, LsaKeyIsProtectedAsOnARealXp) {
  EXPECT_EQ(
      shown_in_hex(lsa_key_nt5(kRealLsaKey, raw_bytes("afd0c1bc4b52d5c019c0b142eaf0cad5"),
                               kRealBootKey, raw_bytes("1a0045621f280962822fe79fb533f6f9"))),
      "010000000100000000000000af1d0d8d29ebe22d3214918754c2eec1a65b4df643b4a28341d3c98421da1495"
      "71aaaeddf6208edeb7e5a02f8b1b163f1a0045621f280962822fe79fb533f6f9");
}

TEST(WindowsCrypto, SecretsAreProtectedAsOnARealXp) {
  EXPECT_EQ(
      shown_in_hex(secret_nt5(MadeSecretValue::text("vF=1NyDkZvzdeK").data, kRealLsaKey,
                              raw_bytes("bcf60a00"))),
      "2800000028000020bcf60a00af71de460ef2185384f4f3ecd4b5908a7086a733749966eadf1bfd7a7e5d1a7c"
      "eee195c66649dda1");
  EXPECT_EQ(shown_in_hex(secret_nt5(utf16_bytes("admin"), kRealLsaKey, raw_bytes("2c2c0d00"))),
            "18000000180000202c2c0d0092f21d2029f2d03b647fd0f25eeef400ba8b4dc1c130b3c0");
  // The empty secrets of the same machine are all alike behind their headers.
  EXPECT_EQ(shown_in_hex(secret_nt5("", kRealLsaKey, raw_bytes("9c1f0b00"))),
            "08000000080000209c1f0b00af49ab5f30bc6758");
}

TEST(WindowsCrypto, RefusesKeysAndSaltsOfOtherLengths) {
  EXPECT_THROW(class_names_of_boot_key("short"), std::invalid_argument);
  EXPECT_THROW(sam_key_rc4(kRealSamKey, "", kRealSamKey), std::invalid_argument);
  EXPECT_THROW(hash_entry_aes("", kRealSamKey, 500, "salt"), std::invalid_argument);
  EXPECT_THROW(hashes_under_rid("not 16 bytes", 500), std::invalid_argument);
}

}  // namespace
}  // namespace iwamtrace
