// What do the versions of the metabase tell besides?
#include <algorithm>
#include <utility>
#include <vector>

#include "analyzers/metabase_history.h"
#include "analyzers/questions.h"

namespace iwamtrace {
namespace {

// So many are quoted, the others counted.
constexpr std::size_t kMostQuoted = 6;

// One sentence about several versions, and where they stand.
class Quotes {
 public:
  void add(const Untrusted& words, std::vector<Citation> where) {
    if (++count_ <= kMostQuoted) {
      text_.append(count_ == 1 ? "" : "; ");
      text_.append(words.view());
      std::ranges::move(where, std::back_inserter(where_));
    }
  }
  // As a finding, if there was anything to quote.
  void tell(std::string id, Severity severity, std::string_view title, std::string_view before,
            std::string_view behind, std::optional<Timestamp> time, Answers& answers) const {
    if (count_ != 0) {
      const Untrusted more =
          count_ > kMostQuoted ? say("; and ", count_ - kMostQuoted, " more") : Untrusted{};
      answers.findings.push_back(Finding{std::move(id), severity, say(title),
                                         say(before, text_, more, behind), time, where_});
    }
  }

 private:
  std::size_t count_ = 0;
  Untrusted text_;
  std::vector<Citation> where_;
};

void find_other_servers(const Case& the_case, Answers& answers) {
  const auto& others = answers.copies.other_metabases;
  if (others.empty()) {
    return;
  }
  std::vector<Citation> where;
  where.reserve(others.size());
  for (const MetabaseSnapshot* other : others) {
    where.push_back(other->wam_user_name.empty() ? other->where : other->wam_user_name_where);
  }
  answers.findings.push_back(Finding{
      "metabase_of_another_server", Severity::kMedium, say("a metabase names another account"),
      say(the_case.source(others.front()->where.source).path, ": WAMUserName is ",
          others.front()->wam_user_name.empty() ? say("not told") : others.front()->wam_user_name,
          ", this server's is ", answers.iwam.user_name,
          is_export(the_case, *others.front())
              ? ": it was not used"
              : ", and its session key is another: it was not used"),
      std::nullopt, where});
}

// Then pooled applications are started as somebody else than COM+ and the rest of the case know.
void find_other_account(const Case& the_case, Answers& answers) {
  const CopiesAnswer& copies = answers.copies;
  if (copies.live_metabase && !names_account(*copies.metabases.back(), answers.iwam.user_name)) {
    const MetabaseSnapshot& live = *copies.metabases.back();
    answers.findings.push_back(
        Finding{"metabase_names_another_account",
                Severity::kHigh,
                say("the metabase in use names another account"),
                say(the_case.source(live.where.source).path, ": WAMUserName is ",
                    live.wam_user_name, ", not ", answers.iwam.user_name),
                std::nullopt,
                {live.wam_user_name_where}});
  }
}

// Each change of the account or its password that two versions show, with the days between which
// it was made.
void find_changes(const Case& the_case, Answers& answers) {
  const CopiesAnswer& copies = answers.copies;
  Quotes quotes;
  std::optional<Timestamp> last;
  const auto when = [&](const MetabaseSnapshot& before, const MetabaseSnapshot& after) {
    const auto first = saved_at(the_case, copies, before);
    last = saved_at(the_case, copies, after);
    return first && last ? say("saved on ", *first, " and ", *last, " by their file times")
                         : say("when is not observable, their file times may be those of a copy");
  };
  for (const MetabaseStep& step : metabase_steps(copies)) {
    if (step.changed) {
      quotes.add(say("WAMUserPass changed between ",
                     names_of_versions(the_case, *step.before, *step.after), ", ",
                     when(*step.before, *step.after)),
                 {step.before->password_where, step.after->password_where});
    }
  }
  for (std::size_t i = 0; i + 1 < copies.metabases.size(); ++i) {
    const MetabaseSnapshot& before = *copies.metabases[i];
    const MetabaseSnapshot& after = *copies.metabases[i + 1];
    if (!before.wam_user_name.empty() && !after.wam_user_name.empty() &&
        !before.wam_user_name.is(after.wam_user_name)) {
      quotes.add(
          say("WAMUserName changed from ", before.wam_user_name, " to ", after.wam_user_name,
              " between ", names_of_versions(the_case, before, after), ", ", when(before, after)),
          {before.wam_user_name_where, after.wam_user_name_where});
    }
  }
  quotes.tell("metabase_identity_changed", Severity::kInfo,
              "the metabase's account or its password changed", "", "", last, answers);
}

void find_gaps(const Case& the_case, Answers& answers) {
  Quotes quotes;
  const MetabaseSnapshot* before = nullptr;
  for (const MetabaseSnapshot* version : answers.copies.metabases) {
    if (!is_history_copy(the_case, *version) || !version->major) {
      continue;
    }
    if (before != nullptr && *version->major > *before->major + std::uint64_t{1}) {
      quotes.add(say("none between ", names_of_versions(the_case, *before, *version)),
                 {before->where, version->where});
    }
    before = version;
  }
  quotes.tell("metabase_version_gap", Severity::kLow, "versions of the metabase are missing",
              "of the metabase there is ",
              ". IIS numbers them without a gap and drops the oldest: they were deleted, or not "
              "copied",
              std::nullopt, answers);
}

void find_edits(const Case& the_case, Answers& answers) {
  Quotes quotes;
  for (const MetabaseSnapshot* version : answers.copies.metabases) {
    if (version->minor.value_or(0) != 0) {
      quotes.add(say(the_case.source(version->where.source).path, " is edit ", *version->minor,
                     " of version ", version->major.value_or(0)),
                 {version->where});
    }
  }
  quotes.tell("metabase_edited_by_hand", Severity::kLow, "the metabase was edited as a file", "",
              ". IIS counts in the second number of the name what was edited while it ran, "
              "instead of set through it",
              std::nullopt, answers);
}

}  // namespace

void name_metabase_findings(const Case& the_case, Answers& answers) {
  find_other_servers(the_case, answers);
  find_other_account(the_case, answers);
  find_changes(the_case, answers);
  find_gaps(the_case, answers);
  find_edits(the_case, answers);
}

}  // namespace iwamtrace
