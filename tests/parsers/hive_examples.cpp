#include "tests/parsers/hive_examples.h"

#include <gtest/gtest.h>

#include "make/hive_writer.h"
#include "make/sam_hive.h"
#include "make/security_hive.h"
#include "make/system_hive.h"
#include "parsers/cursor.h"
#include "tests/support/evidence.h"

namespace iwamtrace {
namespace {

constexpr std::string_view kBootKey = "0123456789abcdef";

std::string password(int day) { return "password " + std::to_string(day); }

const Timestamp kFlushed = Timestamp::from_iso("2004-06-01T08:00:00Z").value();

}  // namespace

Timestamp set_on(int day) {
  return Timestamp{kFlushed.ticks + (day - 1) * Timestamp::kTicksPerDay};
}

MadeHive made_sam(int day, std::uint32_t sequence) {
  MadeSamHive sam;
  sam.machine_sid = *Sid::from_text("S-1-5-21-1-2-3");
  sam.boot_key = kBootKey;
  sam.users = {MadeUser{.rid = 500, .name = "Administrator", .password = "x"},
               MadeUser{.rid = kIwamRid,
                        .name = "IWAM_SHOP1",
                        .password = password(day),
                        .password_last_set = set_on(day)}};
  sam.written = kFlushed;
  MadeHive hive = hive_of(sam);
  hive.sequence = sequence;
  hive.flushed = kFlushed;
  return hive;
}

MadeHive made_security(int day, std::uint32_t sequence) {
  MadeSecurityHive security;
  security.boot_key = kBootKey;
  security.account_domain_sid = *Sid::from_text("S-1-5-21-1-2-3");
  security.secrets = {MadeSecret{.name = std::string(kPooledSecret) + '\0',
                                 .current = MadeSecretValue::text(password(day)),
                                 .created = kFlushed,
                                 .set = set_on(day)}};
  security.written = kFlushed;
  MadeHive hive = hive_of(security);
  hive.sequence = sequence;
  hive.flushed = kFlushed;
  return hive;
}

std::string made_system() {
  MadeSystemHive system;
  system.boot_key = kBootKey;
  system.computer_name = "SHOP1";
  return HiveWriter(hive_of(system)).bytes();
}

std::string clean(MadeHive hive) { return HiveWriter(hive).bytes(); }

std::string dirty(MadeHive hive) {
  hive.dirty = true;
  return HiveWriter(hive).bytes();
}

CollectingSink read_files(const std::vector<std::string>& contents) {
  CollectingSink sink;
  read_all(TestSources(contents), sink);
  return sink;
}

Account iwam_of(const CollectingSink& sink) {
  for (const Account& account : sink.all<Account>()) {
    if (account.rid == kIwamRid) {
      return account;
    }
  }
  ADD_FAILURE() << "no IWAM_SHOP1";
  return {};
}

std::string said_of(const CollectingSink& sink, std::uint32_t source) {
  std::string said;
  for (const Damage& damage : sink.damage) {
    if (damage.source == SourceId{source}) {
      said += (damage.lost ? "lost: " : "") + plain(damage.what) + '\n';
    }
  }
  return said;
}

ReplayedChange change_of(const CollectingSink& sink, std::string_view what) {
  for (const ReplayedChange& change : sink.all<ReplayedChange>()) {
    if (plain(change.what).ends_with(what)) {
      return change;
    }
  }
  ADD_FAILURE() << "no change of " << what;
  return {};
}

void put_u32(std::string& bytes, std::size_t at, std::uint32_t value) {
  for (std::size_t i = 0; i < 4; ++i) {
    bytes.at(at + i) = static_cast<char>(value >> 8 * i);
  }
}

std::uint32_t get_u32(const std::string& bytes, std::size_t at) {
  return u32_at(as_bytes(bytes), at, "number");
}

}  // namespace iwamtrace
