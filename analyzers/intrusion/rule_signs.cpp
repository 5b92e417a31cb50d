// What the detection rules found: one sign for a rule, however many records it matched.
#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "analyzers/intrusion/signs.h"
#include "analyzers/intrusion/techniques.h"
#include "analyzers/iwam_events.h"
#include "analyzers/own_evidence.h"
#include "analyzers/questions.h"
#include "analyzers/session_records.h"
#include "analyzers/sigma/correlations.h"

namespace iwamtrace {
namespace {

constexpr std::size_t kMostCited = 4, kMostTimes = 256;

struct Matches {
  std::vector<const RuleHit*> hits;  // by time
  std::size_t times = 0;             // of a correlation: at so many times it held
};

std::vector<const RuleHit*> own_hits(const Case& the_case, const Answers& answers) {
  std::vector<const RuleHit*> own;
  // One rule, one number, one time: the record of a log in a copy of it.
  std::map<std::tuple<std::uint32_t, std::uint64_t, Timestamp>, SourceId> seen;
  for (const RuleHit& hit : the_case.all<RuleHit>()) {
    if (hit.rule >= the_case.rules.size() || is_left_out(answers, hit.where.source)) {
      continue;
    }
    const auto& number = hit.where.record;
    const SourceId source = hit.where.source;
    if (!number ||
        seen.try_emplace({hit.rule, *number, hit.time}, source).first->second == source) {
      own.push_back(&hit);
    }
  }
  return own;
}

std::map<std::uint32_t, Matches> matches_of(const Case& the_case,
                                            const std::vector<const RuleHit*>& hits) {
  std::map<std::uint32_t, Matches> matches;
  for (const RuleHit* hit : hits) {
    if (the_case.rules[hit->rule].reports) {
      matches[hit->rule].hits.push_back(hit);
    }
  }
  for (const sigma::CorrelationHit& found : sigma::correlate(the_case.rules, hits)) {
    Matches& of_rule = matches[found.rule];
    of_rule.hits.insert(of_rule.hits.end(), found.hits.begin(), found.hits.end());
    ++of_rule.times;
  }
  for (auto& [rule, found] : matches) {
    std::ranges::stable_sort(found.hits, {}, &RuleHit::time);
  }
  return matches;
}

const EventRecord* record_of(const Answers& answers, const RuleHit& hit) {
  const auto time_of = [](const EventRecord* record) { return record->head.time; };
  const auto first = std::ranges::lower_bound(answers.events, hit.time, {}, time_of);
  const auto last = std::ranges::upper_bound(answers.events, hit.time, {}, time_of);
  auto found = std::find_if(first, last, [&](const EventRecord* record) {
    return record->head.source == hit.where.source && record->head.offset == hit.where.offset;
  });
  if (found == last) {  // of a record that a copy of the log has too, the one that was kept
    found = std::find_if(first, last, [&](const EventRecord* record) {
      return record->head.record && record->head.record == hit.where.record;
    });
  }
  return found == last ? nullptr : *found;
}

std::uint64_t omitted_of(const Case& the_case, const Answers& answers, std::uint32_t rule) {
  std::uint64_t omitted = 0;
  for (const RuleHitsOmitted& left : the_case.all<RuleHitsOmitted>()) {
    omitted += left.rule == rule && !is_left_out(answers, left.where.source) ? left.count : 0;
  }
  return omitted;
}

Untrusted statement_of(const DetectionRule& rule, const Matches& matches, std::uint64_t omitted) {
  const std::uint64_t count = matches.hits.size() + omitted;
  Untrusted statement = say(rule.title, ": ", count, count == 1 ? " record " : " records ",
                            span_of(matches.hits.front()->time, matches.hits.back()->time));
  if (matches.times > 1) {
    statement.append(say(", in ", matches.times, " bursts").view());
  }
  return statement;
}

Finding finding_of(const DetectionRule& rule, const Matches& matches, std::uint64_t omitted) {
  Finding finding;
  finding.id = rule.finding.empty() ? "rule_hit" : rule.finding;
  finding.severity = rule.severity;
  finding.title = rule.title;
  finding.statement = statement_of(rule, matches, omitted);
  finding.time = matches.hits.front()->time;
  finding.rule = rule.id;
  for (const std::string& technique : rule.techniques) {
    finding.techniques.emplace_back(older_number(technique));
  }
  for (const RuleHit* hit : matches.hits) {
    if (finding.citations.size() < kMostCited - 1 || hit == matches.hits.back()) {
      finding.citations.push_back(hit->where);
    }
  }
  return finding;
}

// What administrators do as well.
bool may_be_a_persons(std::string_view finding) {
  constexpr std::array<std::string_view, 7> kKinds{
      "account_commands",  "audit_disabled", "guest_enabled", "remote_tool",
      "service_installed", "task_created",   "tool_transfer"};
  return std::ranges::find(kKinds, finding) != kKinds.end();
}

// The program, the service or the account that the first record names, and who did it.
void add_object(const EventRecord& record, Sign& sign) {
  for (const char* field : {"NewProcessName", "Image", "ServiceName", "Option", "TargetUserName"}) {
    if (const UntrustedView value = record.field(field); !value.empty()) {
      sign.step.append(say(": ", value).view());
      break;
    }
  }
  const Untrusted who = subject_of(record);
  if (!who.empty() && sign.ordinary) {
    sign.step.append(say(", by ", who).view());
  }
}

// The technique that belongs to the phase of the sign leads, whatever else the rule names.
void put_first(const std::string& technique, std::vector<std::string>& techniques) {
  std::erase(techniques, technique);
  techniques.insert(techniques.begin(), technique);
}

// Two rules of one finding may match the same records: the one that tells no more is left out.
bool adds_nothing(const Case& the_case, std::uint32_t number,
                  const std::map<std::uint32_t, Matches>& matches) {
  const DetectionRule& rule = the_case.rules[number];
  const auto& hits = matches.at(number).hits;
  return !rule.finding.empty() && std::ranges::any_of(matches, [&](const auto& entry) {
    const auto& [other, found] = entry;
    const DetectionRule& rival = the_case.rules[other];
    const bool larger =
        found.hits.size() > hits.size() || (found.hits.size() == hits.size() && other < number);
    if (other == number || rival.finding != rule.finding || rival.severity > rule.severity ||
        !larger) {
      return false;
    }
    std::set<Citation> records;
    for (const RuleHit* hit : found.hits) {
      records.insert(hit->where);
    }
    return std::ranges::all_of(hits,
                               [&](const RuleHit* hit) { return records.contains(hit->where); });
  });
}

void add_times(const Matches& matches, Sign& sign) {
  const auto& hits = matches.hits;
  if (hits.size() > 1) {
    sign.step.append(say(", ", hits.size(), " records until ", hits.back()->time).view());
  }
  for (std::size_t i = 1; i < hits.size() && sign.more_times.size() < kMostTimes; ++i) {
    sign.more_times.push_back(hits[i]->time);
  }
}

}  // namespace

void apply_rules(const Case& the_case, Answers& answers) {
  const auto all = matches_of(the_case, own_hits(the_case, answers));
  for (const auto& [number, matches] : all) {
    if (adds_nothing(the_case, number, all)) {
      continue;
    }
    const DetectionRule& rule = the_case.rules[number];
    Finding finding = finding_of(rule, matches, omitted_of(the_case, answers, number));
    const SignKind* kind = sign_kind(rule.finding);
    if (kind == nullptr) {
      // Of rules that are not ours nobody here knows what they prove.
      answers.findings.push_back(std::move(finding));
      continue;
    }
    Sign sign;
    sign.phase = kind->phase;
    const bool severe = rule.severity <= Severity::kHigh;
    sign.force = severe ? Force::kStrong : Force::kWeak;
    sign.finding = std::move(finding);
    put_first(std::string(kind->technique), sign.finding.techniques);
    sign.step = rule.title;
    if (const EventRecord* record = record_of(answers, *matches.hits.front())) {
      sign.logon_id = record->field("SubjectLogonId").logon_id();
      sign.ordinary = !severe && may_be_a_persons(sign.finding.id) && sign.logon_id &&
                      !system_session_of(answers.host, *record);
      add_object(*record, sign);
    }
    add_times(matches, sign);
    // Guesses are the noise of the internet.
    sign.ordinary = sign.ordinary || rule.severity >= Severity::kLow ||
                    sign.finding.id == "sql_brute_force" || sign.finding.id == "logon_brute_force";
    answers.signs.push_back(std::move(sign));
  }
}

}  // namespace iwamtrace
