// From the boot key to IIS's session key, link after link, and each link missing or broken in turn.
#include <algorithm>
#include <gtest/gtest.h>

#include "make/dpapi_maker.h"
#include "make/made_server.h"
#include "make/windows_crypto.h"
#include "parsers/dpapi/rsa_container_file.h"
#include "parsers/key_ring.h"
#include "parsers/rsa_key.h"
#include "tests/support/evidence.h"

namespace iwamtrace {
namespace {

using Kind = StoredKey::Kind;
using Result = StoredKey::Result;

struct Reading {
  KeyRing keys;
  CollectingSink sink;

  [[nodiscard]] StoredKey stored(Kind kind) const {
    for (const StoredKey& key : sink.all<StoredKey>()) {
      if (key.kind == kind) {
        return key;
      }
    }
    ADD_FAILURE() << "no such key";
    return {};
  }
  [[nodiscard]] std::string said(Kind kind) const { return plain(stored(kind).because); }
};

// What a test changes of the evidence.
struct Change {
  std::string without{};   // a part of a path
  std::string of{}, to{};  // the file with that part of a path becomes this
};

std::vector<MadeFile> files_of(MadeWindows windows = MadeWindows::kServer2003) {
  MadeServerSetup setup;
  setup.windows = windows;
  setup.installed = *Timestamp::from_iso("2003-11-02T14:05:49Z");
  setup.key_files = true;
  return MadeServer(setup).files(*Timestamp::from_iso("2004-06-14T12:00:00Z"));
}

std::string file(const std::vector<MadeFile>& files, const std::string& part) {
  const auto found = std::ranges::find_if(
      files, [&](const MadeFile& each) { return each.path.find(part) != std::string::npos; });
  return found == files.end() ? "" : found->bytes;
}

// Only what the chain is made of, SYSTEM last: order makes no difference.
Reading read(const std::vector<MadeFile>& files, const Change& change = {}) {
  std::vector<std::string> contents;
  for (const std::string part : {"RSA/", "Protect/", "SECURITY", "inetsrv/MetaBase", "SYSTEM"}) {
    if (part == change.of) {
      contents.push_back(change.to);
    } else if (part != change.without) {
      contents.push_back(file(files, part));
    }
  }
  Reading reading;
  read_all(TestSources(contents), reading.keys, reading.sink);
  return reading;
}

std::string session_key_of(const std::vector<MadeFile>& files) {
  const std::string xml = file(files, "inetsrv/MetaBase.xml");
  const std::size_t at = xml.find("SessionKey=\"") + 12;
  return bytes_of_hex(std::string_view(xml).substr(at, 320)).value().substr(16, 76);
}

std::string hex_of(std::string_view bytes) { return hex(as_bytes(bytes)); }

TEST(KeyChain, LeadsFromTheBootKeyToTheSessionKey) {
  for (const MadeWindows windows : {MadeWindows::kServer2003, MadeWindows::kServer2008}) {
    const std::vector<MadeFile> files = files_of(windows);
    const Reading reading = read(files);
    EXPECT_TRUE(reading.sink.damage.empty());
    ASSERT_EQ(reading.keys.master_keys.size(), 1U);
    EXPECT_EQ(reading.keys.master_keys.front().key.size(), 64U);
    ASSERT_EQ(reading.keys.rsa_keys.size(), 2U);
    const auto keys = MetabaseMachine::kFirst;
    EXPECT_EQ(hex(reading.keys.rsa_keys[0].modulus), hex_of(metabase_signature_key(keys).modulus));
    EXPECT_EQ(hex(reading.keys.rsa_keys[1].exponent.view()),
              hex_of(metabase_exchange_key(keys).exponent));
    ASSERT_EQ(reading.keys.signing_moduli.size(), 1U);
    EXPECT_EQ(hex(reading.keys.signing_moduli[0].modulus),
              hex_of(metabase_signature_modulus(keys)));

    const std::string blob = session_key_of(files);
    EXPECT_FALSE(open_session_key(as_bytes(blob), reading.keys.rsa_keys[0]));
    const auto session = open_session_key(as_bytes(blob), reading.keys.rsa_keys[1]);
    ASSERT_TRUE(session);
    EXPECT_EQ(hex(session->view()), hex_of("IWAM!" + std::string(11, '\0')));
  }
}

TEST(KeyChain, EveryKeySaysWhatOpenedItAndWhere) {
  const std::vector<MadeFile> files = files_of();
  const Reading reading = read(files);
  const StoredKey master = reading.stored(Kind::kMasterKey);
  EXPECT_EQ(master.result, Result::kOpened);
  EXPECT_EQ(plain(master.because), "the machine half of DPAPI_SYSTEM opens it");
  ASSERT_TRUE(master.key_from);
  EXPECT_NE(plain(master.key_from->path).find("DPAPI_SYSTEM"), std::string::npos);
  EXPECT_EQ(master.where.source, SourceId{1});
  EXPECT_EQ(master.where.offset, 128U);
  EXPECT_EQ(plain(master.name), reading.keys.master_keys.front().guid);
  for (const Kind kind : {Kind::kSignatureKey, Kind::kExchangeKey}) {
    const StoredKey key = reading.stored(kind);
    EXPECT_EQ(key.result, Result::kOpened);
    EXPECT_EQ(plain(key.name), "Microsoft Internet Information Server");
    EXPECT_EQ(key.key_from, master.where);
    EXPECT_EQ(plain(key.because), "master key " + plain(master.name) + " opens it");
    const std::string provider = bytes_of_hex("01000000d08c9ddf").value();
    EXPECT_EQ(file(files, "RSA/").substr(key.where.offset, 8), provider);
  }
  const auto& container = reading.keys.signing_moduli.front().where;
  EXPECT_EQ(file(files, "RSA/").substr(container.offset, 4), "RSA1");
}

TEST(KeyChain, KeyFilesAreKnownByContentAndCountedWhole) {
  const std::vector<MadeFile> files = files_of();
  const Reading reading = read(files);
  std::size_t seen = 0;
  for (const SourceSummary& summary : reading.sink.summaries) {
    if (summary.kind == SourceKind::kRsaContainer) {
      EXPECT_EQ(summary.records, 2U);
      EXPECT_EQ(summary.coverage.read, file(files, "RSA/").size());
      ++seen;
    }
    if (summary.kind == SourceKind::kDpapiMasterKey) {
      EXPECT_EQ(summary.records, 1U);
      EXPECT_EQ(summary.coverage.read, 128U + 32 + 104);
      EXPECT_EQ(summary.coverage.slack, 104U + 20);
      ++seen;
    }
  }
  EXPECT_EQ(seen, 2U);
}

TEST(KeyChain, UsersHalfOpensWhatIsInItsFolder) {
  const std::vector<MadeFile> files = files_of();
  MadeMasterKey master;
  master.guid = "11111111-2222-3333-4444-555555555555";
  master.key = bytes_of_seed("other", 64);
  master.half = bytes_of_seed("user half of SHOP1", 20);
  const Reading reading = read(files, {.of = "Protect/", .to = master_key_file(master)});
  EXPECT_EQ(reading.said(Kind::kMasterKey), "the user half of DPAPI_SYSTEM opens it");
}

// --- Links that are missing
// -----------------------------------------------------------------------

TEST(KeyChain, WithoutTheSecretEverythingBehindItStaysLocked) {
  for (const std::string part : {"SECURITY", "SYSTEM"}) {
    const Reading reading = read(files_of(), {.without = part});
    EXPECT_EQ(reading.stored(Kind::kMasterKey).result, Result::kNoKey);
    EXPECT_EQ(reading.said(Kind::kMasterKey), "no DPAPI_SYSTEM secret could be read in this case");
    EXPECT_EQ(reading.stored(Kind::kExchangeKey).result, Result::kNoKey);
    EXPECT_EQ(reading.said(Kind::kExchangeKey),
              "master key " + plain(reading.stored(Kind::kMasterKey).name) + " stays locked");
    EXPECT_TRUE(reading.keys.rsa_keys.empty());
    EXPECT_TRUE(reading.sink.losses().empty());
    // In clear all the same.
    EXPECT_EQ(reading.keys.signing_moduli.size(), 1U);
  }
}

TEST(KeyChain, WithoutItsMasterKeyAContainerNamesTheOneItNeeds) {
  const std::string guid = plain(read(files_of()).stored(Kind::kMasterKey).name);
  const Reading reading = read(files_of(), {.without = "Protect/"});
  EXPECT_EQ(reading.stored(Kind::kExchangeKey).result, Result::kNoKey);
  EXPECT_EQ(reading.said(Kind::kExchangeKey), "master key " + guid + " is not in the case");
  EXPECT_EQ(reading.keys.signing_moduli.size(), 1U);
}

TEST(KeyChain, SecretOfAnotherMachineIsRefused) {
  MadeMasterKey master;
  master.guid = "11111111-2222-3333-4444-555555555555";
  master.key = bytes_of_seed("other", 64);
  master.half = bytes_of_seed("half of another machine", 20);
  const Reading reading = read(files_of(), {.of = "Protect/", .to = master_key_file(master)});
  EXPECT_EQ(reading.stored(Kind::kMasterKey).result, Result::kForeign);
  EXPECT_NE(reading.said(Kind::kMasterKey).find("refuses both halves"), std::string::npos);
  EXPECT_EQ(reading.stored(Kind::kMasterKey).key_from, std::nullopt);
  ASSERT_EQ(reading.keys.master_keys.size(), 1U);
  EXPECT_TRUE(reading.keys.master_keys.front().key.empty());
  EXPECT_TRUE(reading.sink.losses().empty());
}

// --- Links that are broken
// ------------------------------------------------------------------------

// Every file, cut at every length: what is still a key file says what is missing, and nothing that
// it yields is more than what the whole file did.
TEST(KeyChain, CutKeyFilesAreDamage) {
  const std::vector<MadeFile> files = files_of();
  const std::string container = file(files, "RSA/");
  for (std::size_t size = 78; size < container.size(); ++size) {
    Reading reading;
    read_all(TestSources({container.substr(0, size)}), reading.keys, reading.sink);
    ASSERT_EQ(reading.sink.losses().size(), 1U) << size;
    EXPECT_NE(plain(reading.sink.losses().front().what).find("bytes needed at"), std::string::npos);
    const Coverage& coverage = reading.sink.summaries.front().coverage;
    EXPECT_EQ(coverage.read + coverage.damaged, size);
  }
  const std::string master = file(files, "Protect/");
  for (std::size_t size = 128; size < 128 + 32 + 104; ++size) {
    Reading reading;
    read_all(TestSources({master.substr(0, size)}), reading.keys, reading.sink);
    ASSERT_EQ(reading.sink.losses().size(), 1U) << size;
    const Coverage& coverage = reading.sink.summaries.front().coverage;
    EXPECT_EQ(coverage.read + coverage.damaged, size);
    EXPECT_TRUE(reading.keys.master_keys.empty());
  }
}

TEST(KeyChain, ChangedPrivateKeyIsDamageAndTheOtherPairIsRead) {
  const std::vector<MadeFile> files = files_of();
  const std::uint64_t at = read(files).stored(Kind::kSignatureKey).where.offset + 200;
  std::string bytes = file(files, "RSA/");
  bytes[at] ^= 1;
  const Reading reading = read(files, {.of = "RSA/", .to = bytes});
  EXPECT_EQ(reading.stored(Kind::kSignatureKey).result, Result::kDamaged);
  EXPECT_EQ(reading.stored(Kind::kExchangeKey).result, Result::kOpened);
  ASSERT_EQ(reading.sink.losses().size(), 1U);
  EXPECT_NE(plain(reading.sink.losses().front().what).find("its bytes were changed"),
            std::string::npos);
  EXPECT_EQ(reading.sink.losses().front().offset, at - 200);
}

TEST(KeyChain, ChangedExportFlagsAreARemark) {
  const std::vector<MadeFile> files = files_of();
  std::string bytes = file(files, "RSA/");
  bytes.back() ^= 1;
  const Reading reading = read(files, {.of = "RSA/", .to = bytes});
  EXPECT_EQ(reading.stored(Kind::kExchangeKey).result, Result::kOpened);
  EXPECT_TRUE(reading.sink.losses().empty());
  ASSERT_EQ(reading.sink.damage.size(), 1U);
  EXPECT_NE(plain(reading.sink.damage.front().what).find("export flags"), std::string::npos);
}

// But for the hash in it, of which nobody says what it is of.
TEST(KeyChain, EveryChangedByteOfAContainerIsNoticed) {
  const std::vector<MadeFile> files = files_of();
  const std::string whole = file(files, "RSA/");
  KeyRing keys;
  CollectingSink hives;
  read_all(TestSources({file(files, "Protect/"), file(files, "SECURITY"), file(files, "SYSTEM")}),
           keys, hives);
  const RsaContainerFile intact = read_rsa_container_file(as_bytes(whole));
  // How many bytes the modulus has, which follows from its bits.
  const auto said_twice = [](std::size_t at, const ContainerPart& key) {
    return at >= key.offset + 12 && at < key.offset + 16;
  };
  constexpr std::size_t kBehindHash = 40 + 38 + 20;
  for (std::size_t at = kBehindHash; at < whole.size(); at += 7) {
    std::string bytes = whole;
    bytes[at] ^= 1;
    CollectingSink sink;
    keys.rsa_keys.clear();
    read_all(TestSources({bytes}), keys, sink);
    const bool noticed = !sink.damage.empty() || keys.rsa_keys.size() < 2;
    EXPECT_NE(noticed, said_twice(at, intact.signature.public_key) ||
                           said_twice(at, intact.exchange.public_key))
        << at;
  }
}

TEST(KeyChain, TooManyRoundsAreDamageThatNamesThem) {
  const std::vector<MadeFile> files = files_of();
  std::string bytes = file(files, "Protect/");
  bytes.replace(128 + 20, 4, "\xFF\xFF\xFF\xFF");
  const Reading reading = read(files, {.of = "Protect/", .to = bytes});
  ASSERT_EQ(reading.sink.losses().size(), 1U);
  EXPECT_NE(plain(reading.sink.losses().front().what).find("4294967295 rounds"), std::string::npos);
  EXPECT_EQ(reading.sink.losses().front().offset, 128U + 20);
}

// Files of a million rounds each: the time that is spent on them has an end, and the true key,
// which asks for less, is opened wherever it stands.
TEST(KeyChain, CostlyFilesDelayNothingButThemselves) {
  const std::vector<MadeFile> files = files_of();
  std::string costly = file(files, "Protect/");
  costly.replace(128 + 20, 4, std::string("\x40\x42\x0F\0", 4));
  std::vector<std::string> contents(10, costly);
  for (const char* part : {"Protect/", "RSA/", "SECURITY", "SYSTEM"}) {
    contents.push_back(file(files, part));
  }
  Reading reading;
  read_all(TestSources(contents), reading.keys, reading.sink);
  EXPECT_EQ(reading.keys.rsa_keys.size(), 2U);
  const auto lost = reading.sink.losses();
  EXPECT_GE(lost.size(), 7U);
  for (const Damage& damage : lost) {
    EXPECT_NE(plain(damage.what).find("1000000 rounds"), std::string::npos);
    EXPECT_LT(damage.source, SourceId{10});
  }
}

// --- Real hives
// -------------------------------------------------------------------------------------

// Of Windows XP: the secret, and the RSA key of its terminal service, which has the form that a
// container keeps encrypted.
TEST(KeyChain, RealSecretsHaveTheFormsWeRead) {
  IWAMTRACE_NEEDS_DATA("hives/bitcurator/SECURITY");
  KeyRing keys;
  CollectingSink sink;
  const auto folder = data_folder() / "hives/bitcurator";
  read_all(TestSources::of_files({folder / "SECURITY", folder / "SYSTEM"}), keys, sink);
  const auto secret = [&](std::string_view name) -> Bytes {
    const auto found = std::ranges::find_if(keys.secrets, [&](const OpenedSecret& each) {
      return !each.previous && each.name.view().starts_with(name);
    });
    return found == keys.secrets.end() ? Bytes{} : found->value.view();
  };
  EXPECT_EQ(secret("DPAPI_SYSTEM").size(), 44U);
  const Bytes key = secret("L$HYDRAENCKEY_");
  ASSERT_GE(key.size(), 344U);
  RsaPublicKey public_key;
  public_key.exponent = 65537;
  const Bytes modulus = key.subspan(20, 64);
  public_key.modulus.assign(modulus.rbegin(), modulus.rend());
  const RsaPrivateKey opened = read_rsa_private_key(key, public_key);
  EXPECT_EQ(hex(opened.exponent.view()).substr(0, 16), "1b40f26028c51c8e");
}

}  // namespace
}  // namespace iwamtrace
