// What should be collected next.
#include <algorithm>
#include <gtest/gtest.h>

#include "tests/support/made_case.h"

namespace iwamtrace {
namespace {

const WantedEvidence* wanted(const Answers& answers, std::string_view path) {
  for (const WantedEvidence& one : answers.wanted) {
    if (plain(one.path).find(path) != std::string::npos) {
      return &one;
    }
  }
  return nullptr;
}

bool decides(const WantedEvidence* one, std::string_view cause) {
  return one != nullptr && std::ranges::find(one->decides, cause) != one->decides.end();
}

// The promise: nothing is left undetermined without a word on what would decide it.
void expect_all_asked_for(const Answers& answers) {
  for (const WeighedHypothesis& weighed : answers.hypotheses) {
    const bool asked = std::ranges::any_of(answers.wanted, [&](const WantedEvidence& one) {
      return decides(&one, weighed.hypothesis.id);
    });
    EXPECT_EQ(asked, weighed.standing == Standing::kUndetermined) << weighed.hypothesis.id;
  }
}

TEST(WantedEvidence, WithoutASamItsPasswordAndStateAreAskedFor) {
  MadeCase made;
  made.without_sam = true;
  made.source(kSamHive).kind = SourceKind::kUnknown;
  const Answers& answers = made.judge();
  const WantedEvidence* sam = wanted(answers, "config\\SAM");
  EXPECT_TRUE(decides(sam, "sam_changed_alone"));
  EXPECT_TRUE(decides(sam, "account_disabled"));
  EXPECT_EQ(wanted(answers, "config\\SECURITY"), nullptr);
  expect_all_asked_for(answers);
}

TEST(WantedEvidence, WhatIsThereIsNotAskedForAgain) {
  MadeCase made;
  const Answers& answers = made.judge();
  EXPECT_EQ(wanted(answers, "config\\SAM"), nullptr);
  EXPECT_EQ(wanted(answers, "config\\SECURITY"), nullptr);
  expect_all_asked_for(answers);
}

TEST(WantedEvidence, PermissionsOfFilesAreInNoFileOfACase) {
  MadeCase made;
  made.not_loaded("2004-06-14T10:00:00Z", "General access denied error");
  const Answers& answers = made.judge();
  EXPECT_TRUE(decides(wanted(answers, "inetsrv and"), "file_acl_denied"));
  expect_all_asked_for(answers);
}

TEST(WantedEvidence, EveryPartialCaseIsAskedToTheEnd) {
  for (int left_out = 0; left_out < 8; ++left_out) {
    MadeCase made = reset_in_sam();
    made.without_sam = (left_out & 1) != 0;
    made.without_security = (left_out & 2) != 0;
    made.without_metabase = (left_out & 4) != 0;
    expect_all_asked_for(made.judge());
  }
}

}  // namespace
}  // namespace iwamtrace
