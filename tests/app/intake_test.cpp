#include "app/intake.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "make/evt_writer.h"
#include "tests/support/case_folder.h"
#include "tests/support/evidence.h"

namespace iwamtrace {
namespace {

std::string small_log() {
  EvtEvent event;
  event.time_generated = Timestamp::from_unix(1087205482);
  event.source = "EventLog";
  event.event_id = 6005;
  return EvtWriter().record(event).bytes();
}

Evidence take(const std::vector<std::string>& inputs) {
  IntakeOptions options;
  options.inputs = inputs;
  return take_in(options);
}

const Source& source_named(const Evidence& evidence, std::string_view path) {
  for (const Source& source : evidence.sources) {
    if (plain(source.path) == path) {
      return source;
    }
  }
  ADD_FAILURE() << "no source " << path;
  static const Source none;
  return none;
}

TEST(Intake, FilesAreRecognisedByContentAndNumberedByPath) {
  const CaseFolder folder;
  folder.add("b/picture.jpg", small_log());
  folder.add("a/SysEvent.Evt", "not a log at all");
  folder.add("empty.evtx", "");
  const Evidence evidence = take({folder.path().string()});
  ASSERT_EQ(evidence.sources.size(), 3U);
  EXPECT_EQ(plain(evidence.sources[0].path), "a/SysEvent.Evt");
  EXPECT_EQ(evidence.sources[0].status, SourceStatus::kIgnored);
  EXPECT_EQ(plain(evidence.sources[0].note), "not recognised");
  EXPECT_EQ(plain(evidence.sources[1].path), "b/picture.jpg");
  EXPECT_EQ(evidence.sources[1].kind, SourceKind::kEvt);
  EXPECT_EQ(plain(evidence.sources[2].note), "empty");
  EXPECT_TRUE(anything_recognised(evidence));
}

// Nothing in it is read, so that its name alone tells is no danger.
TEST(Intake, BinaryMetabaseIsNamedAndNotRead) {
  const CaseFolder folder;
  folder.add("metabase.BIN", std::string(64, '\x01'));
  folder.add("other.bin", std::string(64, '\x01'));
  const Evidence evidence = take({folder.path().string()});
  ASSERT_EQ(evidence.sources.size(), 2U);
  EXPECT_EQ(evidence.sources[0].kind, SourceKind::kMetabaseBin);
  EXPECT_EQ(evidence.sources[0].status, SourceStatus::kIgnored);
  EXPECT_EQ(evidence.sources[0].sha256.size(), 64U);
  EXPECT_NE(plain(evidence.sources[0].note).find("ENUM_ALL"), std::string::npos);
  EXPECT_EQ(evidence.sources[1].kind, SourceKind::kUnknown);
}

TEST(Intake, HashIsTheFiles) {
  const CaseFolder folder;
  folder.add("abc", "abc");
  EXPECT_EQ(take({folder / "abc"}).sources.front().sha256,
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(Intake, LoopsFifosAndLinksAreNamedAndNotFollowed) {
  const CaseFolder folder;
  folder.add("inner/log", small_log());
  std::filesystem::create_directory_symlink("..", folder.path() / "inner/up");
  std::filesystem::create_symlink("log", folder.path() / "inner/link");
  ASSERT_EQ(mkfifo((folder / "Security.evtx").c_str(), 0600), 0);
  const Evidence evidence = take({folder.path().string()});
  EXPECT_EQ(plain(source_named(evidence, "Security.evtx").note), "not a regular file");
  EXPECT_EQ(plain(source_named(evidence, "inner/link").note), "a symbolic link, not followed");
  EXPECT_EQ(plain(source_named(evidence, "inner/up").note), "a symbolic link, not followed");
  EXPECT_EQ(evidence.sources.size(), 4U);
}

TEST(Intake, OneFileUnderTwoNamesIsOneSource) {
  const CaseFolder folder;
  folder.add("log", small_log());
  std::filesystem::create_hard_link(folder / "log", folder / "twin");
  const Evidence evidence = take({folder.path().string(), folder / "log"});
  ASSERT_EQ(evidence.sources.size(), 3U);
  std::size_t same = 0;
  for (const Source& source : evidence.sources) {
    same += plain(source.note) == "the same file as one listed before" ? 1U : 0U;
  }
  EXPECT_EQ(same, 2U);
}

TEST(Intake, PathThatIsNotThereIsDamageAmongOthers) {
  const CaseFolder folder;
  folder.add("log", small_log());
  const Evidence evidence = take({folder / "log", folder / "gone"});
  const Source& gone = source_named(evidence, folder / "gone");
  EXPECT_EQ(gone.status, SourceStatus::kUnreadable);
  ASSERT_EQ(gone.damage.size(), 1U);
  EXPECT_EQ(plain(gone.damage.front().what), "No such file or directory");
}

TEST(Intake, NameThatIsNoTextKeepsItsBytes) {
  const CaseFolder folder;
  folder.add("bad\xFF\x1bname", small_log());
  const Evidence evidence = take({folder.path().string()});
  EXPECT_EQ(evidence.sources.front().path_hex, "626164ff1b6e616d65");
}

TEST(Intake, FileChangedAfterHashingIsNotTheEvidence) {
  const CaseFolder folder;
  const auto path = folder.add("log", small_log());
  const Evidence evidence = take({path.string()});
  folder.add("log", small_log() + "more");
  EXPECT_THROW(EvidenceBytes(evidence.files.front(), false), std::system_error);
}

TEST(Intake, SealedCopyCannotBeChangedAndHasAPath) {
  const CaseFolder folder;
  const std::string log = small_log();
  const auto path = folder.add("log", log);
  const Evidence evidence = take({path.string()});
  const EvidenceBytes bytes(evidence.files.front(), true);
  const OpenSource source = bytes.open_as(SourceId{0});
  EXPECT_EQ(file_bytes(source.path), log);
  EXPECT_NE(truncate(source.path.c_str(), 1), 0);
  EXPECT_EQ(source.bytes.size(), log.size());
}

TEST(Intake, EvidenceIsLeftAsItWas) {
  const CaseFolder folder;
  const auto path = folder.add("log", small_log());
  const auto before = std::filesystem::last_write_time(path);
  struct stat status_before {
  }, status_after{};
  stat(path.c_str(), &status_before);
  take({folder.path().string()});
  stat(path.c_str(), &status_after);
  EXPECT_EQ(std::filesystem::last_write_time(path), before);
  EXPECT_EQ(status_before.st_atim.tv_sec, status_after.st_atim.tv_sec);
  EXPECT_EQ(status_before.st_atim.tv_nsec, status_after.st_atim.tv_nsec);
}

}  // namespace
}  // namespace iwamtrace
