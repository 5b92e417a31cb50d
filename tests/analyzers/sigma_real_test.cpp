// Over real logs and the shared rules: what is asked only where a text was found matches what is
// asked of every record, test by test, as the specification reads.
#include <algorithm>
#include <filesystem>
#include <gtest/gtest.h>
#include <map>

#include "analyzers/sigma/compiled_test.h"
#include "analyzers/sigma/log_sources.h"
#include "analyzers/sigma/rule_matcher.h"
#include "app/rule_files.h"
#include "parsers/key_ring.h"
#include "parsers/parser.h"
#include "tests/support/collecting_sink.h"
#include "tests/support/evidence.h"

namespace iwamtrace {
namespace {

using sigma::Expression;
using sigma::ValueTest;
using Values = std::map<std::string, std::vector<std::string>>;

// The values of a record by the names that rules of the scope use.
Values values_of(const EventRecord& record, const sigma::Scope& scope) {
  Values values;
  values["EventID"].push_back(std::to_string(record.head.event_id));
  values["Provider_Name"].push_back(plain(record.source()));
  if (const auto provider = sigma::nt6_provider(record.head.key); !provider.empty()) {
    values["Provider_Name"].emplace_back(provider);
  }
  values["Channel"].push_back(plain(record.log()));
  values["Computer"].push_back(plain(record.computer()));
  values[""].push_back(plain(record.source()));
  for (const EventRecord::Field& field : record.fields()) {
    std::string name = plain(record.name(field));
    const std::string text = plain(record.value(field));
    values[""].push_back(text);
    if (field.kind == EventRecord::FieldKind::kData) {
      values["Binary"].push_back(text);
      continue;
    }
    const auto renamed = std::ranges::find(scope.renamed, name, &sigma::FieldName::record);
    if (renamed != scope.renamed.end()) {
      name = renamed->rule;
    }
    if (!name.empty() && name != "Data") {
      values[name].push_back(text);
    }
    if (field.kind == EventRecord::FieldKind::kString) {
      values["Data"].push_back(text);
      values["Message"].push_back(text);
    }
  }
  return values;
}

enum class Truth { kFalse, kTrue, kUnknown };

Truth truth_of_test(const ValueTest& test, const Values& values, bool partial) {
  const auto found = values.find(test.field);
  const bool has = found != values.end() &&
                   (!partial || std::ranges::any_of(found->second, [](const std::string& text) {
                     return !text.empty();
                   }));
  if (partial && !has) {
    return Truth::kUnknown;
  }
  const auto any = [&](const auto& holds) {
    return found != values.end() && std::ranges::any_of(found->second, holds);
  };
  bool holds = false;
  if (test.kind == ValueTest::Kind::kExists) {
    holds = has;
  } else if (test.kind == ValueTest::Kind::kNull) {
    holds = !any([](const std::string& text) { return !text.empty(); });
  } else if (test.kind == ValueTest::Kind::kFieldRef) {
    const auto other = values.find(test.text);
    holds = any([&](const std::string& text) {
      return other != values.end() &&
             std::ranges::any_of(other->second, [&](const std::string& with) {
               return sigma::CompiledTest(test).holds(text, with);
             });
    });
  } else {
    const sigma::CompiledTest compiled(test);
    holds = any([&](const std::string& text) { return compiled.holds(text); });
  }
  return holds ? Truth::kTrue : Truth::kFalse;
}

Truth truth_of(const Expression& expression, const Values& values, bool partial) {
  if (expression.op == Expression::Op::kTest) {
    return truth_of_test(expression.test, values, partial);
  }
  if (expression.op == Expression::Op::kNot) {
    const Truth inner = truth_of(expression.parts.front(), values, partial);
    return inner == Truth::kUnknown ? inner : inner == Truth::kTrue ? Truth::kFalse : Truth::kTrue;
  }
  const bool any = expression.op == Expression::Op::kAny;
  bool unknown = false;
  for (const Expression& part : expression.parts) {
    const Truth truth = truth_of(part, values, partial);
    if (truth == (any ? Truth::kTrue : Truth::kFalse)) {
      return truth;
    }
    unknown = unknown || truth == Truth::kUnknown;
  }
  return unknown ? Truth::kUnknown : any ? Truth::kFalse : Truth::kTrue;
}

bool matches_by_the_book(const sigma::Rule& rule, const EventRecord& record) {
  return std::ranges::any_of(sigma::scopes_of(rule.log_source), [&](const sigma::Scope& scope) {
    const bool of_scope = scope.channel == record.head.channel &&
                          (scope.ids.empty() ||
                           std::ranges::find(scope.ids, record.head.event_id) != scope.ids.end());
    return of_scope &&
           truth_of(rule.detection, values_of(record, scope), scope.partial) == Truth::kTrue;
  });
}

TEST(SigmaOnRealLogs, NothingIsLostByLookingForTextsFirst) {
  const std::filesystem::path data = data_folder();
  if (!std::filesystem::exists(data / "sigma/rules")) {
    GTEST_SKIP() << "no shared evidence in " << data;
  }
  const sigma::RuleSet rules = rules_in((data / "sigma/rules").string());
  std::size_t compared = 0, hits = 0;
  for (const auto& entry :
       std::filesystem::recursive_directory_iterator(data / "evtx/EVTX-to-MITRE-Attack")) {
    // One file in five: by the book takes its time.
    if (entry.path().extension() != ".evtx" || entry.path().filename().string().size() % 5 != 0) {
      continue;
    }
    const std::string bytes = file_bytes(entry.path());
    const OpenSource source{SourceId{0}, as_bytes(bytes), entry.path().string()};
    KeyRing keys;
    CollectingSink sink;
    parser_for(source.bytes.first(std::min(kFirstBytes, source.bytes.size())))
        ->read({&source, 1}, {}, keys, sink);
    sigma::RuleMatcher matcher(rules);
    constexpr std::size_t kMostOfAFile = 8;
    for (std::size_t i = 0; i < std::min(sink.events.size(), kMostOfAFile); ++i) {
      const EventRecord& record = sink.events[i];
      std::vector<std::uint32_t> found, expected;
      matcher.match(record, [&](std::uint32_t rule) { found.push_back(rule); });
      for (std::uint32_t rule = 0; rule < rules.texts().size(); ++rule) {
        // Who started a process may be known from an earlier record: that is more than the book.
        if (matches_by_the_book(rules.texts()[rule], record)) {
          expected.push_back(rule);
        }
      }
      ++compared;
      hits += expected.size();
      EXPECT_TRUE(std::ranges::includes(found, expected))
          << entry.path().filename() << " record " << i;
      for (const std::uint32_t rule : found) {
        const bool by_parent = rules.texts()[rule].log_source.category == "process_creation";
        EXPECT_TRUE(by_parent || std::ranges::binary_search(expected, rule))
            << rules.texts()[rule].title;
      }
    }
  }
  EXPECT_GT(compared, 50U);
  EXPECT_GT(hits, 10U);
}

}  // namespace
}  // namespace iwamtrace
