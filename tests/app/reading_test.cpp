// What the loss of a worker costs: one file, named in the report with stage and cause.
#include "app/reading.h"

#include <csignal>
#include <gtest/gtest.h>
#include <unistd.h>

#include "app/pipeline.h"
#include "make/evt_writer.h"
#include "make/hive_log_writer.h"
#include "make/hive_writer.h"
#include "make/metabase_writer.h"
#include "make/sam_hive.h"
#include "make/system_hive.h"
#include "tests/support/case_folder.h"
#include "tests/support/evidence.h"

namespace iwamtrace {
namespace {

std::string log_of(std::uint32_t records) {
  EvtWriter writer;
  for (std::uint32_t i = 0; i < records; ++i) {
    EvtEvent event;
    event.time_generated = Timestamp::from_unix(1087205482 + i);
    event.source = "DCOM";
    event.event_id = 10004;
    event.strings = {"1326", ".", "IWAM_SHOP1", "{3D14228D-FBE1-11D0-995D-00C04FD919C1}"};
    writer.record(event);
  }
  return writer.bytes();
}

MadeSamHive made_sam() {
  MadeSamHive sam;
  sam.machine_sid = *Sid::from_text("S-1-5-21-1-2-3");
  sam.boot_key = "0123456789abcdef";
  sam.users = {MadeUser{.rid = 1004, .name = "IWAM_SHOP1", .password = "secret"}};
  return sam;
}

std::string sam_hive() { return HiveWriter(hive_of(made_sam())).bytes(); }

std::string system_hive() {
  MadeSystemHive system;
  system.boot_key = "0123456789abcdef";
  system.computer_name = "SHOP1";
  return HiveWriter(hive_of(system)).bytes();
}

Case read(const CaseFolder& folder, const ReadingOptions& options) {
  IntakeOptions intake;
  intake.inputs = {folder.path().string()};
  return read_case(take_in(intake), EventFilter::everything(), options);
}

const Source& source_named(const Case& the_case, std::string_view path) {
  for (const Source& source : the_case.sources) {
    if (plain(source.path) == path) {
      return source;
    }
  }
  throw std::runtime_error("no such source");
}

// Reads as always, but dies at the source whose first record or key would be read from "victim".
std::uint64_t victim_size = 0;
void read_and_die(const OpenBatch& batch, const ReadOptions& options, EvidenceSink& sink) {
  for (const OpenSource& source : batch.sources) {
    if (source.bytes.size() == victim_size) {
      sink.enter(source.id, "reading the victim");
      kill(getpid(), SIGBUS);
    }
  }
  read_batch(batch, options, sink);
}

TEST(Reading, LostWorkerOfALogCostsThatLog) {
  const CaseFolder folder;
  folder.add("good.evt", log_of(5));
  const std::string victim = log_of(5) + std::string(64, '\0');
  folder.add("victim.evt", victim);
  victim_size = victim.size();
  ReadingOptions options;
  options.parallel = 2;
  options.read = read_and_die;
  const Case the_case = read(folder, options);
  EXPECT_EQ(the_case.events.size(), 5U);
  EXPECT_EQ(source_named(the_case, "good.evt").status, SourceStatus::kRead);
  const Source& lost = source_named(the_case, "victim.evt");
  EXPECT_EQ(lost.status, SourceStatus::kUnreadable);
  ASSERT_EQ(lost.damage.size(), 1U);
  EXPECT_EQ(plain(lost.damage.front().what),
            "the evt reader was lost while reading the victim: signal 7 (SIGBUS)");
}

TEST(Reading, HiveThatKillsItsWorkerCostsItselfAndTheOthersAreReadAgain) {
  const CaseFolder folder;
  folder.add("SYSTEM", system_hive());
  folder.add("SAM", sam_hive());
  const std::string victim = sam_hive() + std::string(4096, '\0');
  folder.add("victim", victim);
  victim_size = victim.size();
  ReadingOptions options;
  options.read = read_and_die;
  const Case the_case = read(folder, options);
  EXPECT_EQ(source_named(the_case, "victim").status, SourceStatus::kUnreadable);
  EXPECT_NE(plain(source_named(the_case, "victim").damage.front().what)
                .find("reader of hives, keys and metabases was lost while reading the victim"),
            std::string::npos);
  ASSERT_EQ(the_case.all<Account>().size(), 1U);
  EXPECT_EQ(the_case.all<Account>().front().nt_state, HashState::kKnown);
}

// A worker may make no file but one in memory, as large as its evidence.
TEST(Reading, DirtyHiveIsReplayedWithinTheLimitsOfItsWorker) {
  const CaseFolder folder;
  MadeSamHive sam = made_sam();
  MadeHive made = hive_of(sam);
  made.dirty = true;
  const std::string hive = HiveWriter(made).bytes();
  sam.users.front().password_last_set = Timestamp::from_unix(1087205482);
  made = hive_of(sam);
  made.dirty = true;
  folder.add("SAM", hive);
  folder.add("SAM.LOG", old_hive_log(hive, HiveWriter(made).bytes()));
  const Case the_case = read(folder, {});
  ASSERT_EQ(the_case.all<Account>().size(), 1U);
  const Account& account = the_case.all<Account>().front();
  EXPECT_EQ(account.password_last_set, Timestamp::from_unix(1087205482));
  EXPECT_EQ(plain(the_case.source(account.password_set_where.source).path), "SAM.LOG");
  EXPECT_EQ(the_case.all<ReplayedChange>().size(), 1U);
  EXPECT_EQ(source_named(the_case, "SAM").status, SourceStatus::kRead);
  EXPECT_EQ(plain(source_named(the_case, "SAM.LOG").damage.front().what),
            "a transaction log of SAM: its changes are applied in memory");
}

TEST(Reading, HiveWithAWrongChecksumIsRepairedWithinTheLimitsOfItsWorker) {
  const CaseFolder folder;
  std::string hive = sam_hive();
  hive[508] = static_cast<char>(~hive[508]);
  folder.add("SAM", hive);
  const Case the_case = read(folder, {});
  EXPECT_EQ(the_case.all<Account>().size(), 1U);
  EXPECT_EQ(source_named(the_case, "SAM").status, SourceStatus::kRead);
}

void send_three_and_die(const OpenBatch& batch, const ReadOptions& /*options*/,
                        EvidenceSink& sink) {
  const SourceId id = batch.sources.front().id;
  sink.enter(id, "reading records");
  for (std::uint64_t i = 1; i <= 3; ++i) {
    EventRecord record;
    record.head.source = id;
    record.head.record = i;
    sink.take(record);
  }
  sink.enter(id, "reading records");
  kill(getpid(), SIGKILL);
}

std::vector<Job> jobs_of(const CaseFolder& folder) {
  IntakeOptions intake;
  intake.inputs = {folder.path().string()};
  const Evidence evidence = take_in(intake);
  std::vector<Job> jobs = jobs_for(evidence, {});
  for (Job& job : jobs) {
    job.prepare = nullptr;  // it refers to the evidence
  }
  return jobs;
}

// Its server's public key may have to be computed.
TEST(Reading, WorkerOfAMetabaseHasTimeForAProof) {
  const CaseFolder folder;
  folder.add("SAM", sam_hive());
  const WorkerLimits without = jobs_of(folder).at(0).limits;
  folder.add("MetaBase.xml", metabase_xml(metabase_of({})));
  const std::vector<Job> jobs = jobs_of(folder);
  ASSERT_EQ(jobs.size(), 1U);
  const std::chrono::seconds budget = ReadOptions{}.proof_budget;
  EXPECT_GE(jobs[0].limits.cpu_seconds,
            without.cpu_seconds + static_cast<std::uint64_t>(2 * budget.count()));
  EXPECT_GT(jobs[0].limits.silence, without.silence);
}

TEST(Reading, MetabaseIsOpenedWithWhatTheHivesYield) {
  const CaseFolder folder;
  folder.add("SYSTEM", system_hive());
  folder.add("SAM", sam_hive());
  MadeWebServer server;
  server.wam_password = "secret";
  server.iis_wpg = *Sid::from_text("S-1-5-21-1-2-3-1005");
  folder.add("MetaBase.xml", metabase_xml(metabase_of(server)));
  const Case the_case = read(folder, {});
  ASSERT_EQ(the_case.all<MetabaseSnapshot>().size(), 1U);
  EXPECT_EQ(the_case.all<MetabaseSnapshot>().front().fingerprint,
            the_case.all<Account>().front().fingerprint);
  EXPECT_GT(the_case.all<SecureProperty>().size(), 5U);
}

TEST(Reading, RecordsSentBeforeTheLossAreKeptAndSaidToBe) {
  const CaseFolder folder;
  folder.add("log.evt", log_of(5));
  ReadingOptions options;
  options.read = send_three_and_die;
  const Case the_case = read(folder, options);
  EXPECT_EQ(the_case.events.size(), 3U);
  const Source& log = the_case.sources.front();
  EXPECT_EQ(log.status, SourceStatus::kPartial);
  EXPECT_EQ(plain(log.damage.front().what),
            "the evt reader was lost while reading records: signal 9 (SIGKILL); kept of it are 3 "
            "records");
}

TEST(Reading, SecondWitnessIsHeardWhereDamageWasMet) {
  const CaseFolder folder;
  std::string damaged = log_of(5);
  folder.add("good.evt", damaged);
  damaged[damaged.find("LfLe", 0x40)] = 'X';
  folder.add("damaged.evt", damaged);
  const Case unasked = read(folder, {});
  EXPECT_FALSE(source_named(unasked, "good.evt").cross_check);
  ASSERT_TRUE(source_named(unasked, "damaged.evt").cross_check);
  EXPECT_GT(source_named(unasked, "damaged.evt").cross_check->agree, 0U);

  ReadingOptions asked;
  asked.cross_check = true;
  const Case all = read(folder, asked);
  ASSERT_TRUE(source_named(all, "good.evt").cross_check);
  EXPECT_EQ(source_named(all, "good.evt").cross_check->agree, 5U);
}

TEST(Reading, FilterKeepsWhatIsAskedForAndCountsTheRest) {
  const CaseFolder folder;
  EvtEvent noise;
  noise.time_generated = Timestamp::from_unix(1087205482);
  noise.source = "Print";
  noise.event_id = 10;
  EvtEvent wanted = noise;
  wanted.source = "DCOM";
  wanted.event_id = 10004;
  folder.add("log.evt", EvtWriter().record(noise).record(wanted).record(noise).bytes());
  IntakeOptions intake;
  intake.inputs = {folder.path().string()};
  EventFilter filter;
  filter.add(events::kDcomLogonFailed);
  const Case the_case = read_case(take_in(intake), filter, {});
  ASSERT_EQ(the_case.events.size(), 1U);
  EXPECT_EQ(the_case.events.front().head.event_id, 10004);
  EXPECT_EQ(the_case.sources.front().summary.records, 3U);
}

}  // namespace
}  // namespace iwamtrace
