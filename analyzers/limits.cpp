// What could not be observed, and why? "Not observable" is not "did not happen".
#include <algorithm>
#include <array>
#include <map>
#include <string_view>
#include <vector>

#include "analyzers/case_contents.h"
#include "analyzers/causes.h"
#include "analyzers/questions.h"

namespace iwamtrace {
namespace {

void limit(Answers& answers, Untrusted text) { answers.limits.push_back(std::move(text)); }

void name_missing_files(const Case& the_case, Answers& answers) {
  struct Need {
    SourceKind kind;
    std::string_view without;
  };
  constexpr std::array kNeeds{
      Need{SourceKind::kHiveSam,
           "No SAM hive: the account's password, its time and its state are "
           "not observable."},
      Need{SourceKind::kHiveSecurity,
           "No SECURITY hive: COM+'s copy of the password, account "
           "rights and audit policy are not observable."},
      Need{SourceKind::kHiveSystem,
           "No SYSTEM hive: without its boot key no password of SAM or SECURITY can be read."},
      Need{SourceKind::kMetabaseXml,
           "No MetaBase.xml: the metabase's copy of the password is not "
           "observable."},
  };
  if (has_kind(the_case, SourceKind::kMetabaseBin)) {
    limit(answers, say("MetaBase.bin, the metabase of IIS 5, is not read: its form is not "
                       "published. \"adsutil.vbs ENUM_ALL\", run on the server, prints it."));
  }
  const bool exported = !answers.copies.exports.empty();
  if (exported && answers.copies.metabases.empty()) {
    limit(answers, say("No MetaBase.xml: what adsutil.vbs printed proves what the metabase held, "
                       "not when; a difference alone proves nothing."));
  }
  for (const Need& need : kNeeds) {
    if (!has_kind(the_case, need.kind) && !(exported && need.kind == SourceKind::kMetabaseXml)) {
      limit(answers, say(need.without));
    }
  }
  if (!has_log(the_case, "System")) {
    limit(answers, say("No System log: failures of DCOM and W3SVC are not observable."));
  }
  if (!has_log(the_case, "Security")) {
    limit(answers, say("No Security log: who set a password, and logons of ",
                       answers.iwam.user_name.empty() ? say("IWAM") : answers.iwam.user_name,
                       ", are not observable."));
  }
}

void name_locked_hives(const Case& the_case, Answers& answers) {
  for (const Unlocking& unlocking : the_case.all<Unlocking>()) {
    const bool told = unlocking.result == Unlocking::Result::kForeign;  // among the findings
    if (!told && unlocking.result != Unlocking::Result::kOpened &&
        unlocking.result != Unlocking::Result::kNotNeeded) {
      limit(answers,
            say(the_case.source(unlocking.where.source).path, ": ", unlocking.because, "."));
    }
  }
}

// A server has dozens of key files: those that stay locked for one reason are named together.
void name_locked_keys(const Case& the_case, Answers& answers) {
  std::map<Untrusted, std::vector<SourceId>> files_of_reasons;
  for (const StoredKey& key : the_case.all<StoredKey>()) {
    if (key.result == StoredKey::Result::kNoKey || key.result == StoredKey::Result::kForeign) {
      std::vector<SourceId>& files = files_of_reasons[key.because];
      if (files.empty() || files.back() != key.where.source) {
        files.push_back(key.where.source);
      }
    }
  }
  for (const auto& [because, files] : files_of_reasons) {
    const std::size_t others = files.size() - 1;
    Untrusted named = the_case.source(files.front()).path;
    if (others != 0) {
      named = say(named, " and ", others, others == 1 ? " other key file" : " other key files");
    }
    limit(answers, say(named, ": ", because, "."));
  }
}

// Categories of the audit policy, and the bit of successes.
constexpr std::size_t kLogon = 1;
constexpr std::size_t kDetailedTracking = 4;
constexpr std::size_t kPolicyChange = 5;
constexpr std::size_t kAccountManagement = 6;
constexpr std::uint32_t kSuccess = 1;

bool is_audited(const AuditPolicy& policy, std::size_t category) {
  return policy.enabled && category < policy.categories.size() &&
         (policy.categories[category] & kSuccess) != 0;
}

bool has_process(const Answers& answers) {
  return std::ranges::any_of(answers.events, [](const EventRecord* record) {
    return record->head.key == events::kProcessStarted;
  });
}

// The policy at the time of the copy; it may have been another before.
void name_audit_gaps(const Case& the_case, Answers& answers) {
  for (const AuditPolicy& policy : the_case.all<AuditPolicy>()) {
    if (policy.categories.empty()) {
      continue;
    }
    if (!is_audited(policy, kAccountManagement)) {
      limit(answers, say("Account management was not audited when the hive was copied: a password "
                         "may be set without any event."));
    }
    if (!is_audited(policy, kLogon)) {
      limit(answers,
            say("Logons were not audited when the hive was copied: no record of them is no "
                "proof that there were none."));
    }
    if (!is_audited(policy, kDetailedTracking) && !has_process(answers)) {
      limit(answers, say("Processes were not audited when the hive was copied: which programs ran "
                         "is not observable."));
    }
  }
}

// Who makes a change is in the Security log only where its category is audited.
void name_unseen_actor(const Case& the_case, Answers& answers) {
  const Cause* cause = cause_of(answers.desync.cause);
  if (cause == nullptr || cause->audited == Cause::Audited::kElsewhere || answers.desync.actor ||
      !has_log(the_case, "Security")) {  // without one that is said already
    return;
  }
  const std::size_t category =
      cause->audited == Cause::Audited::kPolicyChange ? kPolicyChange : kAccountManagement;
  const AuditPolicy* policy = answers.policies.audit;
  const bool audited = policy == nullptr || is_audited(*policy, category);
  limit(answers, say("Who ", cause->deed, " is not observable: ",
                     cause->audited == Cause::Audited::kNothing
                         ? "no event tells of it unless objects are audited."
                     : audited ? "the Security log has no record of it."
                               : "such changes were not audited when the hive was copied."));
}

void name_unread_metabase(Answers& answers) {
  const MetabaseSnapshot* metabase = answers.copies.metabase();
  if (metabase == nullptr || metabase->fingerprint) {
    return;
  }
  if (metabase->password_form == PasswordForm::kMasked) {
    limit(answers, say("The text of adsutil.vbs has a mark instead of the metabase's password."));
  }
  if (metabase->password_form != PasswordForm::kEncrypted) {
    return;
  }
  const Untrusted& because = metabase->password_unknown_because;
  limit(answers, say("The metabase's password is encrypted and its value not known",
                     because.empty() ? "" : ": ", because, "."));
}

void name_damage(const Case& the_case, Answers& answers) {
  for (const Source& source : the_case.sources) {
    const auto lost = std::ranges::count_if(source.damage, &Damage::lost);
    if (lost != 0) {
      limit(answers, say(source.path, ": ", lost, lost == 1 ? " place" : " places",
                         " could not be read; what stood there is not observable."));
    }
  }
}

// Evidence is found by content; a file that is called like evidence and is none was broken or
// written over.
void name_impostors(const Case& the_case, Answers& answers) {
  constexpr std::array<std::string_view, 9> kNames{"SAM",          "SECURITY",     "SYSTEM",
                                                   "SOFTWARE",     "SecEvent.Evt", "SysEvent.Evt",
                                                   "AppEvent.Evt", "MetaBase.xml", "MetaBase.bin"};
  for (const Source& source : the_case.sources) {
    UntrustedView name = source.path;
    for (auto parts = name.split('/'); parts; parts = name.split('/')) {
      name = parts->second;
    }
    const bool called =
        std::ranges::any_of(kNames, [&](std::string_view one) { return name.is(one); });
    if (source.kind == SourceKind::kUnknown && called) {
      limit(answers,
            say(source.path, " holds nothing that such a file begins with: it was not read."));
    }
  }
}

}  // namespace

void name_limits(const Case& the_case, Answers& answers) {
  name_missing_files(the_case, answers);
  name_locked_hives(the_case, answers);
  name_locked_keys(the_case, answers);
  name_audit_gaps(the_case, answers);
  name_unseen_actor(the_case, answers);
  name_unread_metabase(answers);
  if (!answers.failures.logon_failures.empty() || !answers.failures.timeouts.empty()) {
    limit(answers,
          say("DCOM logs an event once in 24 hours: failures may be more, gaps prove nothing."));
  }
  name_damage(the_case, answers);
  name_impostors(the_case, answers);
}

}  // namespace iwamtrace
