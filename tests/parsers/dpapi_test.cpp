// Each link of the key chain by itself.
#include <gtest/gtest.h>

#include "make/bytes.h"
#include "make/dpapi_maker.h"
#include "make/windows_crypto.h"
#include "parsers/dpapi/dpapi_blob.h"
#include "parsers/dpapi/master_key_file.h"
#include "parsers/dpapi/rsa_container_file.h"
#include "parsers/rsa_key.h"
#include "tests/support/evidence.h"

namespace iwamtrace {
namespace {

std::string raw(std::string_view digits) { return bytes_of_hex(digits).value(); }

constexpr std::array kForms{DpapiForm::kTripleDesSha1, DpapiForm::kAes256Sha512};

MadeMasterKey made_master_key(DpapiForm form = DpapiForm::kTripleDesSha1) {
  MadeMasterKey master;
  master.guid = "ea95eba8-0f2c-4bdd-9f0c-21d3f0b0a1b2";
  master.key = bytes_of_seed("master", 64);
  master.half = bytes_of_seed("half", 20);
  master.form = form;
  master.rounds = 3;
  return master;
}

std::string text_of(const std::optional<SecretBytes>& bytes) {
  return bytes ? std::string(reinterpret_cast<const char*>(bytes->view().data()), bytes->size())
               : "nothing";
}

template <typename Read>
std::string refusal(Read read) {
  try {
    read();
  } catch (const ParseError& error) {
    return error.what();
  }
  return "";
}

// --- Primitives ---------------------------------------------------------------------------------

TEST(Crypto, HmacsAreThoseOfTheRfcs) {
  // RFC 2202 and RFC 4231, test case 2.
  constexpr std::string_view kMessage = "what do ya want for nothing?";
  const auto mac = [&](Hash hash) {
    Hmac hmac(hash, as_bytes("Jefe"));
    hmac.of({as_bytes("another message before")});
    return hex(hmac.of({as_bytes(kMessage.substr(0, 5)), as_bytes(kMessage.substr(5))}).view());
  };
  EXPECT_EQ(mac(Hash::kSha1), "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79");
  EXPECT_EQ(mac(Hash::kSha256), "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  EXPECT_EQ(mac(Hash::kSha512),
            "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea250554"
            "9758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737");
}

TEST(Crypto, DigestsAreThoseOfFips180) {
  EXPECT_EQ(hex(digest(Hash::kSha1, {as_bytes("a"), as_bytes("bc")}).view()),
            "a9993e364706816aba3e25717850c26c9cd0d89d");
  EXPECT_EQ(hex(digest(Hash::kSha512, {as_bytes("abc")}).view()),
            "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
            "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f");
}

TEST(Crypto, CbcIsThatOfNist) {
  // SP 800-38A, F.2.6.
  const std::string key = raw("603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4");
  const std::string iv = raw("000102030405060708090a0b0c0d0e0f");
  const std::string data =
      raw("f58c4c04d6e5f1ba779eabfb5f7bfbd6"
          "9cfc4e967edb808d679f777bc6702c7d");
  EXPECT_EQ(hex(aes256_cbc_decrypt(as_bytes(key), as_bytes(iv), as_bytes(data)).view()),
            "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51");
}

// --- Master keys --------------------------------------------------------------------------------

// The self-tests of hashcat 6.2.6 (modules 15300 and 15900; MIT licence), whose files Windows
// wrote: the password "hashcat" and the user's SID make the key that stands for half of
// DPAPI_SYSTEM here.
struct PublishedMasterKey {
  std::uint32_t rounds, hash, cipher;
  std::string_view salt, encrypted, key, opened;
};
constexpr std::array kPublished{
    PublishedMasterKey{
        24000, 0x8009, 0x6603, "b038489dee5ad04e3e3cab4d957258b5",
        "cb9b5b7d96a0d2a00305ca403d3fd9c47c561e35b4b2cf3aebfd1d3199a6481d56972be7ebd6c291b199e6f1"
        "c2ffaee91978706737e9b1209e6c7d3aa3d8c3c3e38ad1ccfa39400d62c2415961c17fd0bd6b0f7bbd49cc1d"
        "e1a394e64b7237f56244238da8d37d78",
        "834e3b7434da092ca5ca2f6193c6618af41bdd8a",
        "6ba847ef4289bbd068d78e0cc07bb64ad6f580be9038b79106e44036e96bf82b"
        "b6c7822d58aed8fbc81ebf8dd3bb8e6f4082ca0fc8fabcef826bf550bdeb3944"},
    PublishedMasterKey{
        12900, 0x800E, 0x6610, "79f7ca399f2626e21aad108c3922af7c",
        "c47bc8a985ca6aa708b01c97b004bff20cc52379dc2635b4acf59ce17970a2cb47ace98c7e8de977f265243c"
        "5c03d0a97e4b954b494d9e38d9158d0c1e729d16a28ba69e2e7c6c3bc0e3afc9c9b6306b83372ccb35d89b98"
        "925728fd36315b8ee95b4d4eccdcb31564769f9a4b9ee10828184e16d4af336675d5e31d987dd87233d34fbb"
        "b98880c5e1f64cbb9b043ad8",
        "52202d6544adb4478daa5071b0c11dafb583abca",
        "725b3d604d4252e4ddb4734c00ddec12c2228f633c8137e26863062e9f9541e5"
        "784d69ea756a5b885561ba6fdf4d39fb2603f5f6db62a612fc36fe6e7aee3eb4"}};

std::string file_of(const PublishedMasterKey& published) {
  const std::string encrypted = raw(published.encrypted);
  ByteWriter out;
  out.u32(1).u64(0).utf16("d01be1a0-1a2b-4c3d-8e9f-0123456789ab").u32(0).u32(0).u32(0);
  out.u64(32 + encrypted.size()).u64(0).u64(0).u64(0);
  out.u32(2).bytes(raw(published.salt)).u32(published.rounds).u32(published.hash);
  out.u32(published.cipher).bytes(encrypted);
  return out.take();
}

TEST(MasterKeyFile, PublishedKeysOpen) {
  for (const PublishedMasterKey& published : kPublished) {
    const std::string bytes = file_of(published);
    ASSERT_TRUE(looks_like_master_key_file(as_bytes(bytes)));
    const MasterKeyFile file = read_master_key_file(as_bytes(bytes));
    EXPECT_EQ(file.guid, "{d01be1a0-1a2b-4c3d-8e9f-0123456789ab}");
    EXPECT_EQ(file.rounds, published.rounds);
    std::string key = raw(published.key);
    const auto opened = open_master_key(file, as_bytes(key));
    ASSERT_TRUE(opened);
    EXPECT_EQ(hex(opened->view()), published.opened);
    key.back() ^= 1;
    EXPECT_FALSE(open_master_key(file, as_bytes(key)));
  }
}

TEST(MasterKeyFile, MadeKeysOpenInBothForms) {
  for (const DpapiForm form : kForms) {
    const MadeMasterKey master = made_master_key(form);
    const std::string bytes = master_key_file(master);
    const MasterKeyFile file = read_master_key_file(as_bytes(bytes));
    EXPECT_EQ(file.guid, "{" + master.guid + "}");
    EXPECT_EQ(text_of(open_master_key(file, as_bytes(master.half))), master.key);
  }
}

TEST(MasterKeyFile, EveryChangedByteOfTheKeyIsNoticed) {
  const MadeMasterKey master = made_master_key();
  const std::string whole = master_key_file(master);
  const MasterKeyFile intact = read_master_key_file(as_bytes(whole));
  for (std::size_t at = intact.key_offset + 4; at < intact.key_end; ++at) {
    std::string bytes = whole;
    bytes[at] ^= 1;
    try {
      const MasterKeyFile file = read_master_key_file(as_bytes(bytes));
      EXPECT_FALSE(open_master_key(file, as_bytes(master.half))) << at;
    } catch (const ParseError&) {  // an algorithm or number of rounds that there is not
      EXPECT_LT(at, intact.key_offset + 32);
    }
  }
}

TEST(MasterKeyFile, CutFilesAreRefusedUpToTheEndOfTheKey) {
  const std::string whole = master_key_file(made_master_key());
  const std::size_t end = read_master_key_file(as_bytes(whole)).key_end;
  for (std::size_t size = 0; size < end; ++size) {
    const Bytes cut = as_bytes(whole).first(size);
    EXPECT_EQ(looks_like_master_key_file(cut), size >= 128);
    EXPECT_NE(refusal([&] { read_master_key_file(cut); }), "") << size;
  }
  EXPECT_EQ(refusal([&] { read_master_key_file(as_bytes(whole).first(end)); }), "");
}

TEST(MasterKeyFile, LiesAreRefusedByName) {
  const std::string whole = master_key_file(made_master_key());
  const auto refused = [&](std::size_t at, const std::string& lie) {
    std::string bytes = whole;
    bytes.replace(at, lie.size(), lie);
    return refusal([&] { read_master_key_file(as_bytes(bytes)); });
  };
  EXPECT_NE(refused(128 + 20, "\xFF\xFF\xFF\xFF").find("4294967295 rounds"), std::string::npos);
  EXPECT_NE(refused(128 + 20, std::string(4, '\0')).find("of 0 rounds"), std::string::npos);
  EXPECT_NE(refused(128 + 24, "\x03").find("hash algorithm 0x8003"), std::string::npos);
  EXPECT_NE(refused(128 + 28, "\x01\x68").find("cipher algorithm 0x6801"), std::string::npos);
  EXPECT_NE(refused(96, std::string(8, '\xFF')).find("bytes needed at 0x80"), std::string::npos);
  EXPECT_NE(refused(96, std::string(8, '\0')).find("0 are there"), std::string::npos);
  EXPECT_NE(refused(96, "\x87").find("an encrypted master key of 103 bytes"), std::string::npos);
  EXPECT_NE(refused(96, "\x80").find("an encrypted master key of 96 bytes"), std::string::npos);
}

TEST(MasterKeyFile, IsKnownByVersionAndGuid) {
  const std::string whole = master_key_file(made_master_key());
  const auto known = [&](std::size_t at, char byte) {
    std::string bytes = whole;
    bytes[at] = byte;
    return looks_like_master_key_file(as_bytes(bytes));
  };
  EXPECT_TRUE(known(0, '\x01'));
  EXPECT_FALSE(known(0, '\0'));
  EXPECT_FALSE(known(0, '\x03'));
  EXPECT_TRUE(known(12, 'E'));
  EXPECT_FALSE(known(12, 'g'));
  EXPECT_FALSE(known(13, '\x01'));
  EXPECT_FALSE(known(12 + 16, '0'));
}

// --- Blobs --------------------------------------------------------------------------------------

TEST(DpapiBlob, OpensInBothFormsWithAndWithoutEntropy) {
  for (const DpapiForm form : kForms) {
    const MadeMasterKey master = made_master_key(form);
    for (const std::string entropy : {"", "some entropy"}) {
      for (const std::string text : {"", "Some test string", "1234567"}) {
        const std::string bytes = dpapi_blob(text, master, entropy);
        Cursor cursor(as_bytes(bytes));
        const DpapiBlob blob = read_dpapi_blob(cursor);
        EXPECT_EQ(cursor.left(), 0U);
        EXPECT_EQ(blob.master_key, "{" + master.guid + "}");
        EXPECT_EQ(text_of(open_dpapi_blob(blob, as_bytes(master.key), as_bytes(entropy))), text);
        EXPECT_EQ(open_dpapi_blob(blob, as_bytes(master.key), as_bytes("wrong")), std::nullopt);
        EXPECT_EQ(open_dpapi_blob(blob, as_bytes(std::string(64, 'x')), as_bytes(entropy)),
                  std::nullopt);
      }
    }
  }
}

TEST(DpapiBlob, EveryChangedByteIsNoticedAndEveryCutRefused) {
  for (const DpapiForm form : kForms) {
    const MadeMasterKey master = made_master_key(form);
    const std::string whole = dpapi_blob("Some test string", master);
    for (std::size_t at = 0; at < whole.size(); ++at) {
      std::string bytes = whole;
      bytes[at] ^= 1;
      try {
        Cursor cursor(as_bytes(bytes));
        const DpapiBlob blob = read_dpapi_blob(cursor);
        EXPECT_EQ(open_dpapi_blob(blob, as_bytes(master.key)), std::nullopt) << at;
      } catch (const ParseError& error) {
        EXPECT_LE(error.offset(), bytes.size());
      }
      Cursor cut(as_bytes(whole).first(at));
      EXPECT_THROW(read_dpapi_blob(cut), ParseError) << at;
    }
  }
}

// --- Containers and RSA -------------------------------------------------------------------------

std::string made_container() {
  MadeRsaContainer container;
  container.under = made_master_key();
  return rsa_container_file(container);
}

TEST(RsaContainer, PartsStandInAnotherOrderThanTheirLengths) {
  const std::string bytes = made_container();
  ASSERT_TRUE(looks_like_rsa_container(as_bytes(bytes)));
  const RsaContainerFile file = read_rsa_container_file(as_bytes(bytes));
  EXPECT_EQ(file.name, "Microsoft Internet Information Server");
  EXPECT_FALSE(file.broken);
  EXPECT_EQ(file.end, bytes.size());
  EXPECT_EQ(bytes.substr(file.signature.public_key.offset, 4), "RSA1");
  EXPECT_EQ(bytes.substr(file.exchange.public_key.offset, 4), "RSA1");
  for (const ContainerKeyPair* pair : {&file.signature, &file.exchange}) {
    for (const ContainerPart* part : {&pair->private_key, &pair->export_flags}) {
      Cursor cursor = part->in(as_bytes(bytes));
      EXPECT_NO_THROW(read_dpapi_blob(cursor));
      EXPECT_EQ(cursor.left(), 0U);
    }
  }
}

TEST(RsaContainer, CutFilesKeepTheirWholeParts) {
  const std::string whole = made_container();
  const RsaContainerFile intact = read_rsa_container_file(as_bytes(whole));
  const std::size_t head = 40 + intact.name.size() + 1;
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const Bytes cut = as_bytes(whole).first(size);
    EXPECT_EQ(looks_like_rsa_container(cut), size >= head);
    if (size >= head) {
      const RsaContainerFile file = read_rsa_container_file(cut);
      EXPECT_TRUE(file.broken);
      EXPECT_LE(file.end, size);
      const ContainerPart& key = intact.signature.public_key;
      EXPECT_EQ(file.signature.public_key.size, size >= key.offset + key.size ? key.size : 0U);
    }
  }
}

TEST(RsaContainer, IsKnownByVersionNameAndLengths) {
  const std::string whole = made_container();
  const auto known = [&](std::size_t at, const std::string& lie) {
    std::string bytes = whole;
    bytes.replace(at, lie.size(), lie);
    return looks_like_rsa_container(as_bytes(bytes));
  };
  EXPECT_TRUE(known(4, "\x05"));
  EXPECT_FALSE(known(0, "\x01"));
  EXPECT_FALSE(known(8, "\xFF\xFF\xFF\xFF"));   // name
  EXPECT_FALSE(known(12, "\xFF\xFF\xFF\xFF"));  // public signature key
  EXPECT_FALSE(known(36, "\xFF\xFF\xFF\xFF"));  // the last of the lengths
  EXPECT_FALSE(known(28, "\x10"));              // hash
  EXPECT_FALSE(known(41, "\n"));
}

MetabaseRsaKey made_key() { return metabase_exchange_key(MetabaseMachine::kFirst); }

RsaPublicKey public_key_of(const MetabaseRsaKey& key) {
  const std::string bytes = rsa_public_key(key);
  Cursor cursor(as_bytes(bytes));
  return read_rsa_public_key(cursor);
}

TEST(RsaKey, PublicAndPrivateFormsAreRead) {
  const MetabaseRsaKey made = made_key();
  const RsaPublicKey public_key = public_key_of(made);
  EXPECT_EQ(hex(public_key.modulus), hex(as_bytes(made.modulus)));
  EXPECT_EQ(public_key.exponent, 65537U);
  const std::string bytes = rsa_private_key(made);
  const RsaPrivateKey key = read_rsa_private_key(as_bytes(bytes), public_key);
  EXPECT_EQ(hex(key.modulus), hex(as_bytes(made.modulus)));
  EXPECT_EQ(hex(key.exponent.view()), hex(as_bytes(made.exponent)));
}

TEST(RsaKey, NumbersThatDoNotBelongTogetherAreRefused) {
  const MetabaseRsaKey made = made_key();
  const RsaPublicKey public_key = public_key_of(made);
  const RsaPublicKey foreign = public_key_of(metabase_signature_key(MetabaseMachine::kFirst));
  const std::string whole = rsa_private_key(made);
  EXPECT_NE(refusal([&] { read_rsa_private_key(as_bytes(whole), foreign); }), "");
  constexpr std::size_t kPrimes = 20 + 72, kUnneeded = kPrimes + 2 * 36, kExponent = 272;
  for (std::size_t at = 0; at < kExponent + 64; ++at) {
    std::string bytes = whole;
    bytes[at] ^= 1;
    const bool needed = (at < 12 || at >= 16) && (at < kUnneeded || at >= kExponent);
    const std::string said = refusal([&] { read_rsa_private_key(as_bytes(bytes), public_key); });
    EXPECT_TRUE(!needed || !said.empty()) << at;
  }
  for (std::size_t size = 0; size < whole.size(); ++size) {
    EXPECT_THROW(read_rsa_private_key(as_bytes(whole).first(size), public_key), ParseError) << size;
  }
}

TEST(RsaKey, ImpossiblePublicKeysAreRefused) {
  const std::string whole = rsa_public_key(made_key());
  const auto refused = [&](std::size_t at, const std::string& lie) {
    std::string bytes = whole;
    bytes.replace(at, lie.size(), lie);
    Cursor cursor(as_bytes(bytes));
    return !refusal([&] { read_rsa_public_key(cursor); }).empty();
  };
  EXPECT_TRUE(refused(0, "RSA2"));
  EXPECT_TRUE(refused(4, "\xFF\xFF\xFF\xFF"));          // length
  EXPECT_TRUE(refused(8, "\xFF\xFF\xFF\xFF"));          // bits
  EXPECT_TRUE(refused(8, std::string(4, '\0')));        // bits
  EXPECT_TRUE(refused(20, std::string(1, '\0')));       // even
  EXPECT_TRUE(refused(20 + 63, std::string(1, '\0')));  // shorter than its bits
  EXPECT_TRUE(refused(20 + 64, "\x01"));                // longer
}

// --- The session key ----------------------------------------------------------------------------

RsaPrivateKey exchange_key(MetabaseMachine machine) {
  const MetabaseRsaKey made = metabase_exchange_key(machine);
  const std::string bytes = rsa_private_key(made);
  return read_rsa_private_key(as_bytes(bytes), public_key_of(made));
}

std::string simple_blob(const MetabaseKeys& keys) {
  return session_key_metabase_blob(keys).substr(16, 76);
}

TEST(SessionKey, FortyBitsAreFollowedByNulsAndLongerKeysStandAsTheyAre) {
  const RsaPrivateKey key = exchange_key(MetabaseMachine::kFirst);
  for (const std::string session : {"IWAM!", "0123456789abcdef"}) {
    MetabaseKeys keys;
    keys.session_key = session;
    const std::string blob = simple_blob(keys);
    const auto opened = open_session_key(as_bytes(blob), key);
    ASSERT_TRUE(opened);
    EXPECT_EQ(hex(opened->view()), hex(as_bytes(session + std::string(16 - session.size(), '\0'))));
  }
}

// What it opens is what the maker has encrypted with it.
TEST(SessionKey, OpensAProperty) {
  const std::string blob = simple_blob({});
  const auto session = open_session_key(as_bytes(blob), exchange_key(MetabaseMachine::kFirst));
  ASSERT_TRUE(session);
  const std::string property = encrypted_metabase_blob("cleartext", {});
  const SecretBytes clear = rc4(session->view(), as_bytes(property).subspan(16, 4 + 9));
  EXPECT_EQ(hex(clear.view()), hex(as_bytes(std::string(4, '\0') + "cleartext")));
}

TEST(SessionKey, OtherKeysAndOtherBlobsGiveNothing) {
  const RsaPrivateKey key = exchange_key(MetabaseMachine::kFirst);
  const std::string blob = simple_blob({});
  EXPECT_FALSE(open_session_key(as_bytes(blob), exchange_key(MetabaseMachine::kSecond)));
  for (std::size_t at = 0; at < blob.size(); ++at) {
    std::string changed = blob;
    changed[at] ^= 1;
    EXPECT_FALSE(open_session_key(as_bytes(changed), key)) << at;
    EXPECT_FALSE(open_session_key(as_bytes(blob).first(at), key)) << at;
  }
  EXPECT_FALSE(open_session_key(as_bytes(blob + "x"), key));
  const std::string head = blob.substr(0, 12);
  EXPECT_FALSE(open_session_key(as_bytes(head + std::string(64, '\0')), key));
  EXPECT_FALSE(open_session_key(as_bytes(head + std::string(64, '\xFF')), key));
}

}  // namespace
}  // namespace iwamtrace
