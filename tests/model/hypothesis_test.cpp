#include "model/hypothesis.h"

#include <gtest/gtest.h>
#include <stdexcept>

namespace iwamtrace {
namespace {

// p, s and w: a proof, a strong and a weak fact from one source; W: a weak one from another.
std::vector<Fact> facts(std::string_view letters) {
  std::vector<Fact> list;
  for (const char letter : letters) {
    const Force force = letter == 'p'   ? Force::kProof
                        : letter == 's' ? Force::kStrong
                                        : Force::kWeak;
    const SourceId source{letter == 'W' ? 1U : 0U};
    list.emplace_back(force, say("a fact"), std::vector{Citation{source, 0, {}, {}}});
  }
  return list;
}

struct Row {
  std::string_view in_favour, against;
  bool decisive_missing;
  Standing standing;
};

TEST(Weigh, TheWholeRule) {
  using enum Standing;
  const std::vector<Row> table{
      // Established: a proof for, and nothing proof or strong against.
      {"p", "", false, kEstablished},
      {"psw", "w", false, kEstablished},
      {"p", "ww", false, kEstablished},
      // A missing decisive artefact takes it away, an ordinary proof against too.
      {"p", "", true, kSupported},
      {"p", "s", false, kUndetermined},
      {"p", "p", false, kUndetermined},
      // Refuted: a proof against and no proof for.
      {"", "p", false, kRefuted},
      {"ssw", "p", false, kRefuted},
      {"s", "ps", true, kRefuted},
      // Supported: a strong fact for, or two weak ones from different sources.
      {"s", "", false, kSupported},
      {"s", "w", false, kSupported},
      {"s", "", true, kSupported},
      {"wW", "", false, kSupported},
      {"wW", "w", false, kSupported},
      // One log saying the same twice is one witness.
      {"w", "", false, kUndetermined},
      {"ww", "", false, kUndetermined},
      {"s", "s", false, kUndetermined},
      {"wW", "s", false, kUndetermined},
      {"", "s", false, kUndetermined},
      {"", "", false, kUndetermined},
      {"", "", true, kUndetermined},
  };
  for (const Row& row : table) {
    Hypothesis hypothesis;
    hypothesis.in_favour = facts(row.in_favour);
    hypothesis.against = facts(row.against);
    hypothesis.missing.push_back(Missing{say("something unimportant"), false});
    if (row.decisive_missing) {
      hypothesis.missing.push_back(Missing{say("what would decide"), true});
    }
    EXPECT_EQ(name_of(weigh(hypothesis)), name_of(row.standing))
        << "for '" << row.in_favour << "' against '" << row.against << "'"
        << (row.decisive_missing ? " with the decisive artefact missing" : "");
  }
}

TEST(Weigh, WeakFactsAgreeOnlyWhereTheySpeakOfOneAffair) {
  const auto standing = [](std::initializer_list<Witness> witnesses) {
    Hypothesis hypothesis;
    for (const Witness& witness : witnesses) {
      hypothesis.in_favour.emplace_back(Force::kWeak, say("a fact"),
                                        std::vector{Citation{SourceId{7}, 0, {}, {}}}, witness);
    }
    return weigh(hypothesis);
  };
  constexpr SourceId kOne{1}, kOther{2};
  const auto day = [](int number) { return Timestamp{number * Timestamp::kTicksPerDay}; };
  EXPECT_EQ(standing({{kOther, day(3)}, {kOne, day(1)}}), Standing::kSupported);
  EXPECT_EQ(standing({{kOther, day(4)}, {kOne, day(1)}}), Standing::kUndetermined);
  EXPECT_EQ(standing({{kOther, day(4)}, {kOne, {}}}), Standing::kSupported);
  EXPECT_EQ(standing({{kOne, {}}, {kOne, day(4)}}), Standing::kUndetermined);
  // One act, told by two logs.
  EXPECT_EQ(standing({{kOther, day(1), "a service"}, {kOne, day(1), "a service"}}),
            Standing::kUndetermined);
  EXPECT_EQ(standing({{kOther, day(1), "a service"}, {kOne, day(1), "an account"}}),
            Standing::kSupported);
  EXPECT_EQ(standing({{kOne, day(1), "a service"}, {kOne, day(1), "an account"}}),
            Standing::kUndetermined);
  EXPECT_EQ(standing({{kOne, day(1), "a service"},
                      {kOther, day(2), "a service"},
                      {kOne, day(2), "an account"}}),
            Standing::kSupported);
  // The neighbours that differ are neither the first nor the last.
  EXPECT_EQ(standing({{kOne, day(1)}, {kOne, day(20)}, {kOther, day(21)}, {kOther, day(40)}}),
            Standing::kSupported);
  EXPECT_EQ(standing({{kOne, day(1)}, {kOther, day(20)}, {kOther, day(21)}, {kOne, day(40)}}),
            Standing::kUndetermined);
}

TEST(Fact, CannotBeStatedWithoutACitation) {
  EXPECT_THROW(Fact(Force::kWeak, say("it is well known"), {}), std::logic_error);
}

}  // namespace
}  // namespace iwamtrace
