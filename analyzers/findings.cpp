// What else must whoever signs the report know?
#include <algorithm>
#include <map>
#include <set>
#include <string_view>
#include <vector>

#include "analyzers/computer_names.h"
#include "analyzers/local_machine.h"
#include "analyzers/questions.h"

namespace iwamtrace {
namespace {

constexpr std::size_t kMostCited = 20;

void add(Answers& answers, std::string id, Severity severity, Untrusted title, Untrusted statement,
         std::vector<Citation> citations, std::optional<Timestamp> time = {}) {
  answers.findings.push_back(Finding{std::move(id), severity, std::move(title),
                                     std::move(statement), time, std::move(citations)});
}

void find_foreign_hives(const Case& the_case, Answers& answers) {
  for (const Unlocking& unlocking : the_case.all<Unlocking>()) {
    if (unlocking.result == Unlocking::Result::kForeign) {
      add(answers, "hives_do_not_belong_together", Severity::kHigh,
          say("hives that do not belong together"),
          say(the_case.source(unlocking.where.source).path, ": ", unlocking.because),
          {unlocking.where});
    }
  }
}

void find_disagreeing_witnesses(const Case& the_case, Answers& answers) {
  for (const Source& source : the_case.sources) {
    if (!source.cross_check) {
      continue;
    }
    std::vector<Citation> where;
    for (const CrossDifference& difference : source.cross_check->differences) {
      if (difference.because.empty()) {
        where.push_back(Citation{source.id, difference.offset, difference.record, {}});
      }
    }
    if (!where.empty()) {
      const std::size_t count = where.size();
      where.resize(std::min(count, kMostCited));
      add(answers, "readers_disagree", Severity::kMedium, say("two readers of one log disagree"),
          say(source.path, ": our reader and ", std::string_view{source.cross_check->reader},
              " differ in ", count, " places that nothing explains"),
          where);
    }
  }
}

// So many are quoted, the others counted.
constexpr std::size_t kMostQuoted = 6;

void quote_rest(std::size_t count, Untrusted& statement) {
  if (count > kMostQuoted) {
    statement.append(say("; and ", count - kMostQuoted, " more").view());
  }
}

std::vector<const LeftOut*> left_out_for(const Answers& answers, LeftOut::Why why) {
  std::vector<const LeftOut*> found;
  for (const LeftOut& one : answers.left_out) {
    if (one.why == why) {
      found.push_back(&one);
    }
  }
  return found;
}

// Sources by their paths, quoted as far as a reader reads.
Untrusted paths_of(const Case& the_case, const std::vector<const LeftOut*>& left_out) {
  Untrusted paths;
  for (std::size_t i = 0; i < std::min(left_out.size(), kMostQuoted); ++i) {
    paths.append(say(i == 0 ? "" : ", ", the_case.source(left_out[i]->source).path).view());
  }
  quote_rest(left_out.size(), paths);
  return paths;
}

std::vector<Citation> places_of(const std::vector<const LeftOut*>& left_out) {
  std::vector<Citation> where;
  for (const LeftOut* one : left_out) {
    if (where.size() < kMostCited) {
      where.push_back(one->where);
    }
  }
  return where;
}

// A log of another machine says nothing of this one. A renamed computer keeps its older logs.
void find_foreign_logs(const Case& the_case, Answers& answers) {
  std::map<Untrusted, std::vector<const LeftOut*>> by_computer;
  for (const LeftOut* one : left_out_for(answers, LeftOut::Why::kOtherComputer)) {
    by_computer[one->computer].push_back(one);
  }
  for (const auto& [computer, logs] : by_computer) {
    add(answers, "log_of_another_machine", Severity::kHigh, say("a log names another computer"),
        say(paths_of(the_case, logs), ": written by ", computer, ", while this server is ",
            answers.host.computer_name,
            " and no event tells that it was renamed: nothing in it was used"),
        places_of(logs));
  }
  const auto wrong = left_out_for(answers, LeftOut::Why::kWrongLog);
  if (!wrong.empty()) {
    add(answers, "records_in_a_foreign_log", Severity::kMedium,
        say("records under the name of another log's writer"),
        say(paths_of(the_case, wrong),
            ": records of Security, DCOM, W3SVC or the service control manager stand in a log that "
            "these do not write to; anybody may write there under any name, and they were not "
            "used"),
        places_of(wrong));
  }
  const auto twins = left_out_for(answers, LeftOut::Why::kSeenBefore);
  if (!twins.empty()) {
    add(answers, "same_log_twice", Severity::kInfo, say("a log is in the case twice"),
        say(paths_of(the_case, twins), ": the same bytes as a file listed before, counted once"),
        places_of(twins));
  }
}

void find_copied_records(const Case& the_case, Answers& answers) {
  const auto copied = left_out_for(answers, LeftOut::Why::kCopiedRecords);
  if (!copied.empty()) {
    add(answers, "same_log_twice", Severity::kInfo, say("records are in the case twice"),
        say(paths_of(the_case, copied),
            ": records that another file of the same log has as well, counted once"),
        places_of(copied));
  }
}

// Without a hive that names the server its logs do, and here they do not agree.
void find_several_computers(const Case& the_case, Answers& answers) {
  std::vector<Citation> where;
  Untrusted names;
  std::vector<Untrusted> seen;
  for (const Source& source : the_case.sources) {
    const Untrusted& computer = source.summary.computer;
    const bool known = std::ranges::any_of(
        seen, [&](const Untrusted& name) { return same_computer(name, computer); });
    if (!computer.empty() && !known && where.size() < kMostCited) {
      names.append(say(seen.empty() ? "" : ", ", computer).view());
      seen.push_back(computer);
      where.push_back(source.summary.computer_where);
    }
  }
  if (answers.host.computer_name.empty() && seen.size() > 1) {
    add(answers, "logs_of_several_machines", Severity::kHigh,
        say("the logs are of several computers"),
        say("no SYSTEM hive names the server, and the logs name ", names,
            ": what is said of them together may be true of none"),
        where);
  }
}

void find_passed_over_copies(const Case& the_case, Answers& answers) {
  const CopiesAnswer& copies = answers.copies;
  if (copies.several_accounts && copies.account != nullptr) {
    add(answers, "several_sam_hives", Severity::kMedium, say("several SAM hives have the account"),
        say("the one that speaks is ", the_case.source(copies.account->where.source).path,
            ": it could be opened and was written last; an older copy beside it is no evidence of "
            "a "
            "change"),
        {copies.account->where});
  }
  if (copies.several_secrets && copies.secret != nullptr) {
    add(answers, "several_security_hives", Severity::kMedium,
        say("several SECURITY hives have COM+'s secret"),
        say("the one that speaks is ", the_case.source(copies.secret->where.source).path,
            ": it is of the SAM's machine, could be opened and has the latest secret"),
        {copies.secret->where});
  }
  if (copies.secret_of_another_machine && copies.account != nullptr) {
    add(answers, "hives_of_several_machines", Severity::kHigh,
        say("SAM and SECURITY are of different machines"),
        say(the_case.source(copies.account->where.source).path,
            ": no SECURITY hive of the case is of this SAM's machine, by boot key or machine SID; "
            "their passwords were not compared"),
        {copies.account->where});
  }
  if (copies.contradicted_by_logs) {
    add(answers, "hives_older_than_logs", Severity::kMedium,
        say("the logs know of more than the hives"),
        say("a password set or a successful logon of ", answers.iwam.user_name,
            " is later than all that the hives tell: they are copies of an earlier day, or what "
            "they show was mended; their difference was not taken for a verdict"),
        copies.comparison(Copy::kComPlus, Copy::kSam)->citations);
  }
}

// A membership that stands in one of SAM's two lists only: SAM itself always writes both.
void find_disagreeing_group_lists(const Case& the_case, Answers& answers) {
  constexpr std::size_t kMostNamed = 6;
  for (const Source& source : the_case.sources) {
    if (source.kind != SourceKind::kHiveSam) {
      continue;
    }
    const LocalMachine machine(the_case, source.id);
    const auto disputes = machine.disputes();
    if (disputes.empty()) {
      continue;
    }
    Untrusted statement = say(source.path, ": SAM's two lists of group members disagree: ");
    std::vector<Citation> where;
    for (std::size_t i = 0; i < std::min(disputes.size(), kMostNamed); ++i) {
      const LocalMachine::Dispute& dispute = disputes[i];
      statement.append(i == 0 ? "" : "; ");
      statement.append(machine.name_of(dispute.member).view());
      statement.append(dispute.listed_by_group ? " is listed by the group " : " lists the group ");
      statement.append(dispute.group.view());
      statement.append(dispute.listed_by_group ? " and does not list it"
                                               : " and is not listed by it");
      std::ranges::copy(dispute.citations, std::back_inserter(where));
    }
    if (disputes.size() > kMostNamed) {
      statement.append(say("; and ", disputes.size() - kMostNamed, " more").view());
    }
    statement.append(". SAM writes both: the hive was changed by other means, or is damaged");
    add(answers, "group_index_disagreement", Severity::kHigh,
        say("the two lists of group members disagree"), std::move(statement), std::move(where));
  }
}

// Numbers that were given out and that nothing bears any more. Groups take theirs from the same
// row.
void find_deleted_accounts(const Case& the_case, Answers& answers) {
  constexpr std::uint32_t kFirst = 1000, kMostMissing = 100'000;
  for (const PasswordPolicy& policy : the_case.all<PasswordPolicy>()) {
    std::set<std::uint32_t> given;
    for (const Account& account : the_case.all<Account>()) {
      if (account.where.source == policy.where.source && account.rid >= kFirst) {
        given.insert(account.rid);
      }
    }
    for (const LocalGroup& group : the_case.all<LocalGroup>()) {
      if (group.where.source == policy.where.source && !group.builtin && group.rid >= kFirst) {
        given.insert(group.rid);
      }
    }
    // A member of a domain of many years, or a lie, has a number far beyond.
    const std::uint32_t given_out = policy.next_rid > kFirst ? policy.next_rid - kFirst : 0;
    if (given_out > given.size() && given_out <= kMostMissing) {
      add(answers, "accounts_deleted", Severity::kInfo, say("accounts or groups were deleted"),
          say(given_out - given.size(), " of ", given_out, " numbers that ",
              the_case.source(policy.where.source).path,
              " gave out from 1000 on are no account's and no group's any more"),
          {policy.where});
    }
  }
}

// COM+ runs the pooled applications as somebody else than the metabase names.
void find_other_identity(const Case& the_case, Answers& answers) {
  for (const ApplicationIdentity& identity : the_case.all<ApplicationIdentity>()) {
    const UntrustedView user = identity.run_as.view().account();
    if (!user.empty() && !answers.iwam.user_name.empty() &&
        !user.is(answers.iwam.user_name.view())) {
      add(answers, "other_identity", Severity::kMedium,
          say("the pooled applications run as another account"),
          say("RunAs of ", identity.app_id, " is ", identity.run_as, ", not ",
              answers.iwam.user_name),
          {identity.where});
    }
  }
}

bool is_of_iwam(UntrustedView words, const Answers& answers) {
  return words.contains("IWAM_") || words.contains("SCM:{") ||
         (!answers.iwam.user_name.empty() &&
          words.starts_with(say("account ", answers.iwam.user_name)));
}

void find_replayed_changes(const Case& the_case, Answers& answers) {
  for (const Source& hive : the_case.sources) {
    std::vector<const ReplayedChange*> changes;
    for (const ReplayedChange& change : the_case.all<ReplayedChange>()) {
      if (change.where_before.source == hive.id) {
        changes.push_back(&change);
      }
    }
    if (changes.empty()) {
      continue;
    }
    std::stable_partition(changes.begin(), changes.end(), [&](const ReplayedChange* change) {
      return is_of_iwam(change->what, answers);
    });
    Untrusted statement = say(hive.path, ", read with its transaction logs as Windows would: ");
    std::vector<Citation> where;
    for (std::size_t i = 0; i < std::min(changes.size(), kMostQuoted); ++i) {
      const ReplayedChange& change = *changes[i];
      const auto shown = [](const Untrusted& text) { return text.empty() ? say("absent") : text; };
      statement.append(say(i == 0 ? "" : "; ", change.what, " is ", shown(change.after),
                           ", without them ", shown(change.before))
                           .view());
      where.push_back(change.where);
      where.push_back(change.where_before);
    }
    quote_rest(changes.size(), statement);
    add(answers, "transaction_log_changes", Severity::kInfo,
        say("transaction logs change what a hive says"), std::move(statement), std::move(where));
  }
}

// An account or a secret of COM+; one whose place is not known is told for its name's sake. What
// else is deleted, services first of all, is told by the hive's own numbers.
bool is_login(UntrustedView path) {
  return path.empty() || path.starts_with("\\SAM\\Domains\\Account\\Users\\") ||
         path.starts_with("\\Policy\\Secrets\\SCM:");
}

void find_deleted_logins(const Case& the_case, Answers& answers) {
  Untrusted statement;
  std::vector<Citation> where;
  const auto quote = [&](const auto& left, const Untrusted& words) {
    if (is_login(left.path)) {
      where.push_back(left.where);
      if (where.size() <= kMostQuoted) {
        statement.append(where.size() == 1 ? "" : "; ");
        statement.append(words.view());
      }
    }
  };
  for (const DeletedKey& key : the_case.all<DeletedKey>()) {
    Untrusted words = key.path.empty() ? say("a key ", key.name) : key.path;
    if (key.last_written) {
      words.append(say(", last written ", *key.last_written).view());
    }
    quote(key, words);
  }
  for (const DeletedValue& value : the_case.all<DeletedValue>()) {
    quote(value, say("a value ", value.name.empty() ? say("without a name") : value.name, " of ",
                     value.path));
  }
  if (!where.empty()) {
    quote_rest(where.size(), statement);
    where.resize(std::min(where.size(), kMostCited));
    add(answers, "deleted_logins", Severity::kInfo,
        say("accounts or secrets of COM+ are left in free space"),
        say("deleted, as far as can be known: ", statement), std::move(where));
  }
}

}  // namespace

void name_findings(const Case& the_case, Answers& answers) {
  find_foreign_hives(the_case, answers);
  find_foreign_logs(the_case, answers);
  find_copied_records(the_case, answers);
  find_several_computers(the_case, answers);
  find_passed_over_copies(the_case, answers);
  find_disagreeing_group_lists(the_case, answers);
  find_deleted_accounts(the_case, answers);
  find_other_identity(the_case, answers);
  find_replayed_changes(the_case, answers);
  find_deleted_logins(the_case, answers);
  find_disagreeing_witnesses(the_case, answers);
}

}  // namespace iwamtrace
