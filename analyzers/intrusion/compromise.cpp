// Was the server broken into, and how? The verdict over all ways in, and the story of the one that
// won.
#include <algorithm>
#include <set>
#include <utility>

#include "analyzers/archived_logs.h"
#include "analyzers/intrusion/attack_kinds.h"
#include "analyzers/intrusion/techniques.h"
#include "analyzers/questions.h"
#include "analyzers/session_records.h"

namespace iwamtrace {
namespace {

struct Reason {
  Untrusted because;
  std::vector<Citation> where;
};

// Why an intrusion of this server would have left no records; empty where it would have.
Reason unseen(const Case& the_case, const Answers& answers) {
  bool audited = false;
  for (const EventRecord* record : answers.events) {
    if (record->head.key == events::kAuditLogCleared &&
        archive_of(the_case, answers, *record) == nullptr) {
      return {say("the Security log was cleared on ", record->head.time), {record->where()}};
    }
    audited = audited || record->head.key.source == EventSource::kSecurity;
  }
  return {audited ? Untrusted{} : say("no Security log of this server tells of anything"), {}};
}

// What few servers show and what alone proves nothing still wants to be looked at.
Reason unusual(const Answers& answers) {
  constexpr std::size_t kMostCited = 3;
  Reason told;
  std::size_t count = 0;
  for (const Sign& sign : answers.signs) {
    if (!sign.ordinary && ++count <= kMostCited) {
      told.where.push_back(sign.finding.citations.front());
    }
  }
  if (count != 0) {
    told.because = say(count, count == 1 ? " finding is of a kind" : " findings are of kinds",
                       " that few servers show and that alone proves nothing");
  }
  return told;
}

void decide(const Case& the_case, const Hypothesis& best, const Answers& answers,
            CompromiseAnswer& answer) {
  const Standing standing = weigh(best);
  if (standing >= Standing::kSupported) {
    answer.verdict = standing == Standing::kEstablished ? CompromiseVerdict::kEstablished
                                                        : CompromiseVerdict::kSuspected;
    const auto strongest = std::ranges::max_element(best.in_favour, {}, &Fact::force);
    answer.because = strongest->statement();
    answer.citations = strongest->citations();
    return;
  }
  Reason why = unseen(the_case, answers);
  answer.verdict =
      why.because.empty() ? CompromiseVerdict::kNoSign : CompromiseVerdict::kNotObservable;
  if (why.because.empty()) {
    why = unusual(answers);
  }
  answer.because = std::move(why.because);
  answer.citations = std::move(why.where);
}

std::vector<IntrusionStep> storyline_of(const std::vector<const Sign*>& signs) {
  std::vector<IntrusionStep> steps;
  for (const Sign* sign : signs) {
    if (sign->finding.time) {
      const auto& techniques = sign->finding.techniques;
      steps.push_back(IntrusionStep{*sign->finding.time, sign->phase,
                                    sign->step.empty() ? sign->finding.statement : sign->step,
                                    techniques.empty() ? std::string{} : techniques.front(),
                                    sign->finding.citations});
    }
  }
  std::ranges::stable_sort(
      steps, {}, [](const IntrusionStep& step) { return std::pair(step.time, step.phase); });
  return steps;
}

std::vector<std::string> techniques_of(const std::vector<const Sign*>& signs) {
  std::set<std::string> techniques;
  for (const Sign* sign : signs) {
    techniques.insert(sign->finding.techniques.begin(), sign->finding.techniques.end());
  }
  return {techniques.begin(), techniques.end()};
}

// What parted the passwords, or the first failure where nobody knows what did.
std::optional<Timestamp> time_of_fault(const DesyncAnswer& desync) {
  if (desync.earliest && desync.latest && desync.earliest->time == desync.latest->time) {
    return desync.latest->time;
  }
  return desync.first_failure ? std::optional(desync.first_failure->time) : std::nullopt;
}

DesyncLink nearness(Timestamp one, Timestamp other) {
  constexpr std::int64_t kMinute = 60 * Timestamp::kTicksPerSecond;
  const std::int64_t apart = std::max(one - other, other - one);
  const bool same_day =
      one.ticks / Timestamp::kTicksPerDay == other.ticks / Timestamp::kTicksPerDay;
  return apart <= kMinute ? DesyncLink::kSameMinute
         : same_day       ? DesyncLink::kSameDay
                          : DesyncLink::kNone;
}

std::optional<DesyncLink> link_of(const Answers& answers, const std::vector<const Sign*>& signs) {
  const auto time = time_of_fault(answers.desync);
  if (!time || signs.empty()) {
    return std::nullopt;
  }
  const auto& actor = answers.desync.actor;
  // The system's own sessions are everybody's.
  const bool own = actor && actor->logon_id && !name_of_system_session(*actor->logon_id);
  DesyncLink link = DesyncLink::kNone;
  for (const Sign* sign : signs) {
    if (own && sign->logon_id == actor->logon_id) {
      return DesyncLink::kSameLogonId;
    }
    if (sign->finding.time) {
      link = std::min(link, nearness(*sign->finding.time, *time));
    }
    for (const Timestamp more : sign->more_times) {
      link = std::min(link, nearness(more, *time));
    }
  }
  return link;
}

// Once a way in is seen it is not unknown; what stays behind belongs to the one that is seen.
void drop_unknown_way(std::vector<ArguedAttack>& attacks) {
  const bool seen = std::ranges::any_of(attacks, [](const ArguedAttack& attack) {
    return attack.hypothesis.id != "unknown_way" &&
           weigh(attack.hypothesis) >= Standing::kSupported;
  });
  if (seen) {
    std::erase_if(attacks,
                  [](const ArguedAttack& attack) { return attack.hypothesis.id == "unknown_way"; });
  }
}

// Ordinary acts only inform where nothing else shows an intrusion.
void tell_signs(Answers& answers) {
  const bool seen = answers.compromise.verdict <= CompromiseVerdict::kSuspected;
  for (const Sign& sign : answers.signs) {
    answers.findings.push_back(sign.finding);
    if (!seen && sign.ordinary && sign.finding.id != "log_cleared") {
      answers.findings.back().severity = Severity::kInfo;
    }
  }
}

// What parted the passwords is a step of the story where a session or the minute links it.
void add_the_set_password(Answers& answers) {
  CompromiseAnswer& answer = answers.compromise;
  const DesyncAnswer& desync = answers.desync;
  const bool linked = answer.desync_link == DesyncLink::kSameLogonId ||
                      answer.desync_link == DesyncLink::kSameMinute;
  if (!linked || !desync.actor || !desync.latest || !desync.earliest ||
      desync.earliest->time != desync.latest->time) {
    return;
  }
  const IntrusionStep step{
      desync.latest->time, Phase::kImpact,
      say("the password of ", answers.iwam.user_name, " was set, by ", desync.actor->account),
      "T1531", desync.latest->citations};
  const auto place =
      std::ranges::upper_bound(answer.storyline, step.time, {}, &IntrusionStep::time);
  answer.storyline.insert(place, step);
}

}  // namespace

void judge_compromise(const Case& the_case, Answers& answers) {
  std::ranges::stable_sort(answers.signs, {}, [](const Sign& sign) {
    return std::pair(!sign.finding.time, sign.finding.time.value_or(Timestamp{}));
  });
  std::vector<ArguedAttack> attacks = argue_attacks(the_case, answers);
  drop_unknown_way(attacks);
  std::ranges::stable_sort(attacks, std::ranges::greater{},
                           [](const ArguedAttack& attack) { return weigh(attack.hypothesis); });
  CompromiseAnswer& answer = answers.compromise;
  const ArguedAttack& best = attacks.front();
  decide(the_case, best.hypothesis, answers, answer);
  if (answer.verdict <= CompromiseVerdict::kSuspected) {
    answer.kind = best.hypothesis.id;
    answer.storyline = storyline_of(best.signs);
    answer.techniques = techniques_of(best.signs);
    answer.desync_link = link_of(answers, best.signs);
    add_the_set_password(answers);
  }
  for (ArguedAttack& attack : attacks) {
    const Standing weighed = weigh(attack.hypothesis);
    answer.hypotheses.push_back(WeighedHypothesis{std::move(attack.hypothesis), weighed});
  }
  tell_signs(answers);
}

}  // namespace iwamtrace
