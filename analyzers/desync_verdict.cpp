// Are the copies in step, which one is not, and does that explain the failures?
#include <algorithm>

#include "analyzers/causes.h"
#include "analyzers/iwam_events.h"
#include "analyzers/metabase_history.h"
#include "analyzers/questions.h"
#include "model/codes.h"

namespace iwamtrace {
namespace {

Standing standing_of(const Answers& answers, const std::string& id) {
  const auto found = std::ranges::find_if(
      answers.hypotheses,
      [&](const WeighedHypothesis& weighed) { return weighed.hypothesis.id == id; });
  return found == answers.hypotheses.end() ? Standing::kUndetermined : found->standing;
}

// Against the SAM, which a logon is checked against; where that is not known, against COM+.
std::vector<Copy> out_of_step(const Answers& answers) {
  const CopiesAnswer& copies = answers.copies;
  std::vector<Copy> different;
  const auto differs = [&](Copy left, Copy right) {
    return copies.comparison(left, right)->result == Equality::kDifferent;
  };
  const bool sam_known = copies.account != nullptr && copies.account->fingerprint;
  if (differs(Copy::kComPlus, Copy::kSam)) {
    different.push_back(Copy::kComPlus);
  }
  if (differs(Copy::kMetabase, sam_known ? Copy::kSam : Copy::kComPlus)) {
    different.push_back(Copy::kMetabase);
  }
  const std::string& cause = answers.desync.cause;
  const Cause* known = cause_of(cause);
  if (different.empty() && known != nullptr && known->parts_copies()) {
    if (cause == "metabase_changed_alone" || cause == "metabase_from_other_server") {
      different.push_back(Copy::kMetabase);
    } else if (cause != "multiple_changes") {
      different.push_back(Copy::kComPlus);
    }
  }
  return different;
}

// The metabase changed, nothing tells to what, and the other copies did not go along: nobody can
// say that all three agree.
bool metabase_moved(const Answers& answers) {
  if (answers.copies.comparison(Copy::kMetabase, Copy::kSam)->result != Equality::kUnknown) {
    return false;
  }
  const auto found = std::ranges::find_if(answers.hypotheses, [](const WeighedHypothesis& one) {
    return one.hypothesis.id == "metabase_changed_alone";
  });
  return found != answers.hypotheses.end() && !found->hypothesis.in_favour.empty() &&
         std::ranges::none_of(found->hypothesis.against,
                              [](const Fact& fact) { return fact.force() != Force::kWeak; });
}

// It is there and stays closed, it did not move, and nothing failed that it could explain.
bool metabase_is_no_reason(const Answers& answers) {
  const MetabaseSnapshot* metabase = answers.copies.metabase();
  const bool closed = metabase != nullptr && metabase->password_form == PasswordForm::kEncrypted &&
                      !metabase->fingerprint && names_account(*metabase, answers.iwam.user_name);
  const bool explained = answers.desync.cause != "none" && answers.desync.cause != "unknown";
  const bool over = answers.desync.recovered.has_value();
  return closed && !metabase_moved(answers) && (!answers.failures.any() || explained || over);
}

// Then it has no password of this one at all.
bool names_another_account(const CopiesAnswer& copies, const Answers& answers) {
  return answers.desync.cause == "metabase_from_other_server" && copies.live_metabase &&
         !names_account(*copies.metabases.back(), answers.iwam.user_name);
}

void give_verdict(Answers& answers) {
  DesyncAnswer& desync = answers.desync;
  const CopiesAnswer& copies = answers.copies;
  const auto result = [&](Copy left, Copy right) { return copies.comparison(left, right)->result; };
  // What was printed on a day that nobody knows may just be older, unless something fails since.
  const bool any_different = std::ranges::any_of(
      copies.comparisons,
      [](const Comparison& comparison) { return comparison.result == Equality::kDifferent; });
  const bool proven = std::ranges::any_of(copies.comparisons, [](const Comparison& comparison) {
    return comparison.result == Equality::kDifferent && !comparison.undated;
  });
  const Equality com_plus = result(Copy::kComPlus, Copy::kSam);
  const Equality metabase = result(Copy::kMetabase, Copy::kSam);
  const bool only_printed = any_different && !proven && !failed_since_set(answers);
  if (any_different && (answers.copies.contradicted_by_logs || only_printed)) {
    desync.verdict = SyncVerdict::kUndetermined;
    desync.standing = Standing::kUndetermined;
  } else if (any_different) {
    desync.verdict = SyncVerdict::kDesynced;
    desync.standing = proven ? Standing::kEstablished : Standing::kSupported;
  } else if (is_about_copies(desync.cause) || names_another_account(copies, answers)) {
    desync.verdict = SyncVerdict::kDesynced;
    desync.standing = standing_of(answers, desync.cause);
  } else if (com_plus == Equality::kEqual &&
             (metabase == Equality::kEqual || metabase_is_no_reason(answers))) {
    desync.verdict = SyncVerdict::kInSync;
    const bool all =
        metabase == Equality::kEqual && !copies.comparison(Copy::kMetabase, Copy::kSam)->undated;
    desync.standing = all ? Standing::kEstablished : Standing::kSupported;
  }
  if (desync.verdict == SyncVerdict::kDesynced) {
    desync.out_of_step = out_of_step(answers);
  }
}

std::optional<bool> explains_failure(const Answers& answers) {
  const FailuresAnswer& failures = answers.failures;
  if (!failures.any()) {
    return std::nullopt;
  }
  const DesyncAnswer& desync = answers.desync;
  if (desync.verdict != SyncVerdict::kDesynced || !uses_iwam(answers.copies)) {
    return false;
  }
  // What failed before the copies parted failed for another reason.
  const auto after_the_change = [&](const EventRecord* record) {
    constexpr std::int64_t kClocks = 5 * Timestamp::kTicksPerSecond;
    return !desync.earliest || record->head.time.ticks + kClocks >= desync.earliest->time.ticks;
  };
  const bool refused = std::ranges::any_of(failures.logon_failures, [&](const EventRecord* record) {
    return dcom_error(*record) == win32::kLogonFailure && after_the_change(record);
  });
  const bool identity_wrong =
      std::ranges::any_of(failures.unloaded, [&](const EventRecord* record) {
        const UntrustedView error = record->field("Error");
        return after_the_change(record) &&
               (error.contains("8000401A") || error.contains("configured identity is incorrect"));
      });
  const bool other_reason = std::ranges::any_of(
      failures.logon_failures,
      [](const EventRecord* record) { return dcom_error(*record) != win32::kLogonFailure; });
  return refused || (identity_wrong && !other_reason);
}

}  // namespace

void judge_desync(const Case& /*the_case*/, Answers& answers) {
  const Cause* cause = cause_of(answers.desync.cause);
  answers.desync.cause_parted_copies = cause != nullptr && cause->parts_copies();
  if (!uses_iwam(answers.copies)) {
    answers.copies.worker_processes = answers.copies.metabase()->isolation_mode_where;
  }
  give_verdict(answers);
  answers.desync.explains_failure = explains_failure(answers);
}

}  // namespace iwamtrace
