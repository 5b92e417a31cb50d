// Each type of correlation of the Sigma specification 2.1.0: what holds, and what nearly does.
#include <gtest/gtest.h>

#include "analyzers/sigma/correlations.h"
#include "tests/analyzers/sigma_examples.h"
#include "tests/support/evidence.h"

namespace iwamtrace {
namespace {

constexpr std::string_view kBases =
    "title: Failed\nname: failed\nlogsource:\n  product: windows\n  service: security\n"
    "detection:\n  s:\n    EventID: 4625\n  condition: s\n---\n"
    "title: Succeeded\nname: succeeded\nlogsource:\n  product: windows\n  service: security\n"
    "detection:\n  s:\n    EventID: 4624\n  condition: s\n---\n";

std::string correlation(std::string_view lines) {
  return joined({kBases, "title: Correlated\ncorrelation:\n", lines});
}

constexpr std::uint32_t kFailed = 0, kSucceeded = 1, kCorrelated = 2;

struct At {
  std::int64_t second;
  std::uint32_t rule;
  std::string_view group = "bob";
  std::string_view value = {};
};

// How many of the hits each time is made of at which the correlation holds.
std::vector<std::size_t> sizes(const std::string& yaml, std::initializer_list<At> hits) {
  const sigma::RuleSet rules = rules_from(yaml);
  EXPECT_EQ(rules.rules().size(), 3U);
  for (const RefusedRule& refused : rules.refused()) {
    ADD_FAILURE() << plain(refused.reason);
  }
  std::vector<RuleHit> made;
  for (const At& at : hits) {
    RuleHit hit;
    hit.time = Timestamp::from_unix(at.second);
    hit.where.offset = made.size();
    hit.rule = at.rule;
    hit.keys = {say(at.group), say(at.value)};
    made.push_back(std::move(hit));
  }
  std::vector<const RuleHit*> pointers;
  for (const RuleHit& hit : made) {
    pointers.push_back(&hit);
  }
  std::vector<std::size_t> found;
  for (const sigma::CorrelationHit& hit : sigma::correlate(rules.rules(), pointers)) {
    EXPECT_EQ(hit.rule, kCorrelated);
    found.push_back(hit.hits.size());
  }
  return found;
}

using Sizes = std::vector<std::size_t>;

const std::string kThreeInTen = correlation(
    "  type: event_count\n  rules: [failed]\n  group-by: [TargetUserName]\n  timespan: 10s\n"
    "  condition:\n    gte: 3\n");

TEST(SigmaCorrelations, EventCountWithinTheTimespan) {
  EXPECT_EQ(sizes(kThreeInTen, {{0, kFailed}, {5, kFailed}, {10, kFailed}}), Sizes{3});
  EXPECT_EQ(sizes(kThreeInTen, {{0, kFailed}, {5, kFailed}, {11, kFailed}}), Sizes{});
  EXPECT_EQ(sizes(kThreeInTen, {{0, kFailed}, {1, kSucceeded}, {2, kFailed}}), Sizes{});
}

TEST(SigmaCorrelations, EventCountIsOfOneGroup) {
  EXPECT_EQ(sizes(kThreeInTen, {{0, kFailed, "bob"}, {1, kFailed, "eve"}, {2, kFailed, "bob"}}),
            Sizes{});
  EXPECT_EQ(sizes(kThreeInTen, {{0, kFailed, "Bob"}, {1, kFailed, "bob"}, {2, kFailed, "BOB"}}),
            Sizes{3});
}

TEST(SigmaCorrelations, ABurstThatGoesOnIsOneHit) {
  EXPECT_EQ(sizes(kThreeInTen, {{0, kFailed},
                                {4, kFailed},
                                {8, kFailed},
                                {12, kFailed},
                                {16, kFailed},
                                {60, kFailed},
                                {61, kFailed},
                                {62, kFailed}}),
            (Sizes{5, 3}));
}

TEST(SigmaCorrelations, FewerThanIsSaidOfWindowsThatFollowEachOther) {
  const std::string fewer = correlation(
      "  type: event_count\n  rules: [failed]\n  group-by: [TargetUserName]\n  timespan: 10s\n"
      "  condition:\n    lt: 2\n");
  EXPECT_EQ(sizes(fewer, {{0, kFailed}, {1, kFailed}, {20, kFailed}}), Sizes{1});
  EXPECT_EQ(sizes(fewer, {{0, kFailed}, {1, kFailed}}), Sizes{});
}

TEST(SigmaCorrelations, ValueCountCountsDifferentValues) {
  const std::string users = correlation(
      "  type: value_count\n  rules: [failed]\n  group-by: [IpAddress]\n  timespan: 1m\n"
      "  condition:\n    gte: 3\n    field: TargetUserName\n");
  EXPECT_EQ(
      sizes(users, {{0, kFailed, "ip", "a"}, {1, kFailed, "ip", "b"}, {2, kFailed, "ip", "c"}}),
      Sizes{3});
  EXPECT_EQ(
      sizes(users, {{0, kFailed, "ip", "a"}, {1, kFailed, "ip", "b"}, {2, kFailed, "ip", "A"}}),
      Sizes{});
}

TEST(SigmaCorrelations, TemporalAsksForEveryRuleInAnyOrder) {
  const std::string both = correlation(
      "  type: temporal\n  rules: [failed, succeeded]\n  group-by: [TargetUserName]\n"
      "  timespan: 5m\n");
  EXPECT_EQ(sizes(both, {{0, kSucceeded}, {300, kFailed}}), Sizes{2});
  EXPECT_EQ(sizes(both, {{0, kSucceeded}, {301, kFailed}}), Sizes{});
  EXPECT_EQ(sizes(both, {{0, kFailed}, {1, kFailed}}), Sizes{});
  EXPECT_EQ(sizes(both, {{0, kSucceeded, "bob"}, {1, kFailed, "eve"}}), Sizes{});
}

TEST(SigmaCorrelations, TemporalOrderedAsksForTheOrder) {
  const std::string then = correlation(
      "  type: temporal_ordered\n  rules: [failed, succeeded]\n  group-by: [TargetUserName]\n"
      "  timespan: 1h\n");
  EXPECT_EQ(sizes(then, {{0, kFailed}, {9, kSucceeded}}), Sizes{2});
  EXPECT_EQ(sizes(then, {{0, kSucceeded}, {9, kFailed}}), Sizes{});
  EXPECT_EQ(sizes(then, {{0, kFailed}, {3601, kSucceeded}}), Sizes{});
  // The last failure is the one that counts.
  EXPECT_EQ(sizes(then, {{0, kFailed}, {3000, kFailed}, {3700, kSucceeded}}), Sizes{2});
}

TEST(SigmaCorrelations, AliasesNameTheFieldOfEachRule) {
  const sigma::RuleSet rules = rules_from(correlation(
      "  type: temporal\n  rules: [failed, succeeded]\n  group-by: [who]\n  timespan: 1m\n"
      "  aliases:\n    who:\n      failed: TargetUserName\n      succeeded: SubjectUserName\n"));
  ASSERT_EQ(rules.rules().size(), 3U);
  EXPECT_EQ(rules.keys_of(kFailed)[0], "TargetUserName");
  EXPECT_EQ(rules.keys_of(kSucceeded)[0], "SubjectUserName");
}

TEST(SigmaCorrelations, TheirRulesReportOnlyWhenTold) {
  const auto reports = [](std::string_view generate) {
    return rules_from(correlation(joined({"  type: event_count\n  rules: [failed]\n  timespan: 1m\n"
                                          "  condition:\n    gte: 3\n",
                                          generate})))
        .rules()[kFailed]
        .reports;
  };
  EXPECT_FALSE(reports(""));
  EXPECT_TRUE(reports("  generate: true\n"));
}

TEST(SigmaCorrelations, WhatIsNotSupportedIsRefused) {
  EXPECT_NE(refusal_of(correlation("  type: value_sum\n  rules: [failed]\n  timespan: 1m\n"))
                .find("\"value_sum\" is not supported"),
            std::string::npos);
  EXPECT_NE(refusal_of(correlation("  type: temporal\n  rules: [nobody]\n  timespan: 1m\n"))
                .find("\"nobody\", which is not there"),
            std::string::npos);
  EXPECT_NE(refusal_of(correlation("  type: temporal\n  rules: [failed]\n  timespan: soon\n"))
                .find("timespan"),
            std::string::npos);
  EXPECT_NE(refusal_of(correlation("  type: event_count\n  rules: [failed]\n  timespan: 1m\n"))
                .find("needs a condition"),
            std::string::npos);
  EXPECT_NE(refusal_of(correlation("  type: value_count\n  rules: [failed]\n  timespan: 1m\n"
                                   "  condition:\n    gte: 2\n"))
                .find("needs a field"),
            std::string::npos);
}

}  // namespace
}  // namespace iwamtrace
