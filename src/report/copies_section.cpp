#include "report/copies_section.h"

#include <algorithm>
#include <iterator>

#include "report/terminal_text.h"
#include "report/words.h"

namespace iwamtrace {
namespace {

constexpr std::size_t kIndent = 2;
constexpr std::size_t kRevealedAt = 24;

std::string absent(bool hive_read, std::string_view what) {
  return hive_read ? "no such " + std::string(what) : "no hive in the case";
}

std::string moment_or_dash(const std::optional<Timestamp>& time) {
  return time ? moment_exactly(*time) : "never";
}

std::string relation(const Comparison* comparison) {
  if (comparison->sam_history_index) {
    return "= SAM history " + std::to_string(*comparison->sam_history_index);
  }
  switch (comparison->result) {
    case Equality::kEqual:
      return "equal";
    case Equality::kDifferent:
      return "differs";
    default:
      return "not comparable: " + shown(comparison->basis);
  }
}

bool same_row(const MetabaseSnapshot& one, const MetabaseSnapshot& other) {
  return same_password(one, other).value_or(!one.password_form && !other.password_form);
}

std::string name_of_versions(const MetabaseSnapshot& oldest, const MetabaseSnapshot& youngest) {
  if (!oldest.major || !youngest.major) {
    return "metabase";
  }
  const std::string last = std::to_string(*youngest.major);
  return "metabase " +
         (oldest.major == youngest.major ? last : std::to_string(*oldest.major) + "-" + last);
}

// What a version that is not compared holds beside the one that is.
std::string held_beside(const MetabaseSnapshot& version, const MetabaseSnapshot& compared) {
  if (!version.password_form) {
    return "no WAMUserPass";
  }
  if (version.password_form == PasswordForm::kMasked) {
    return "a mark instead of WAMUserPass";
  }
  const std::optional<bool> same = same_password(version, compared);
  return !same   ? "a WAMUserPass that cannot be compared"
         : *same ? "the same as now"
                 : "another WAMUserPass";
}

}  // namespace

void CopiesSection::render() {
  page_.heading("The three copies      password set (UTC)        compared with the SAM");
  const Account* account = copies_.account;
  row("SAM",
      account == nullptr ? absent(copies_.sam_read, "account")
                         : moment_or_dash(account->password_last_set),
      account == nullptr ? "" : shown(account->name) + ", RID " + std::to_string(account->rid),
      account == nullptr ? std::vector<Citation>{}
                         : std::vector{account->password_set_where, account->hash_where});
  const Secret* secret = copies_.secret;
  row("COM+",
      secret == nullptr ? absent(copies_.security_read, "secret")
                        : moment_or_dash(secret->current.set),
      secret == nullptr ? "" : relation(copies_.comparison(Copy::kComPlus, Copy::kSam)),
      secret == nullptr ? std::vector<Citation>{}
                        : std::vector{secret->current.set_where, secret->current.where});
  if (copies_.metabase() == nullptr) {
    row("metabase", "not in the case", "", {});
  }
  if (!copies_.metabases.empty()) {
    metabase_rows();
  }
  export_rows();
  revealed();
}

void CopiesSection::row(std::string_view name, const std::string& time, const std::string& text,
                        const std::vector<Citation>& where) {
  constexpr std::size_t kTimeAt = 22;
  constexpr std::size_t kTextAt = 48;
  const std::string lead = pad_to(name, kTimeAt - kIndent) + time;
  page_.paragraph(kIndent, lead, kTextAt, text, page_.refs(where));
}

// The youngest version, then one row for all neighbours among the older ones that hold the same.
void CopiesSection::metabase_rows() {
  const auto& versions = copies_.metabases;
  const MetabaseSnapshot& live = *versions.back();
  std::vector<Citation> rests_on{live.password_where};
  if (verbose_) {
    std::ranges::copy(live.opened_by, std::back_inserter(rests_on));
  }
  row(name_of_versions(live, live) + (copies_.live_metabase ? ", live" : ""), saved(live, live),
      state_of(live), rests_on);
  for (std::size_t end = versions.size() - 1; end > 0;) {
    std::size_t begin = end - 1;
    while (begin > 0 && same_row(*versions[begin - 1], *versions[end - 1])) {
      --begin;
    }
    std::vector<Citation> where;
    for (std::size_t i = begin; i < end; ++i) {
      if (verbose_ || i == begin) {  // in brief since when it is so
        where.push_back(versions[i]->password_where);
      }
    }
    const MetabaseSnapshot& oldest = *versions[begin];
    row(name_of_versions(oldest, *versions[end - 1]), saved(oldest, *versions[end - 1]),
        held_beside(oldest, live), where);
    end = begin;
  }
}

void CopiesSection::export_rows() {
  for (const MetabaseSnapshot* version : copies_.exports) {
    const bool compared = version == copies_.metabase();
    row("metabase, printed", "nobody knows when",
        compared ? state_of(*version) : held_beside(*version, *copies_.metabase()),
        {version->password_form ? version->password_where : version->where});
  }
}

// "equal; read by keystream, confirmed by its signature".
std::string CopiesSection::state_of(const MetabaseSnapshot& live) const {
  if (!live.password_form) {
    return is_damaged(case_.source(live.where.source)) ? "damaged, WAMUserPass not read"
                                                       : "has no WAMUserPass";
  }
  std::string text = relation(copies_.comparison(Copy::kMetabase, Copy::kSam));
  if (live.fingerprint) {
    std::string_view method = iwamtrace::in_words(live.password_method);
    constexpr std::string_view kRead = "read ";
    method.remove_prefix(!verbose_ && method.starts_with(kRead) ? kRead.size() : 0);
    text += ", " + std::string(method);
  }
  if (live.password_signature == SignatureCheck::kHolds) {
    text += verbose_ ? ", confirmed by its signature" : ", signed";
  }
  return text;
}

// By the times of their files, where these are not those of a copy.
std::string CopiesSection::saved(const MetabaseSnapshot& oldest,
                                 const MetabaseSnapshot& youngest) const {
  const auto& first = case_.source(oldest.where.source).modified;
  const auto& last = case_.source(youngest.where.source).modified;
  if (!copies_.file_times_hold || !first || !last) {
    return "file time: of a copy?";
  }
  return oldest.where == youngest.where
             ? "file " + moment(*first)
             : to_calendar(*first).date + " to " + to_calendar(*last).date;
}

// Only where --reveal-secrets was given has the case such values.
void CopiesSection::revealed() {
  const auto show = [&](std::string_view what, const Untrusted& value) {
    if (!value.empty()) {
      page_.paragraph(kIndent, what, kRevealedAt, shown(value));
    }
  };
  if (copies_.account != nullptr) {
    show("NT hash in the SAM", copies_.account->revealed_nt_hash);
  }
  if (copies_.secret != nullptr) {
    show("password in COM+", copies_.secret->current.revealed);
    show("COM+, before", copies_.secret->previous.revealed);
  }
  if (const MetabaseSnapshot* metabase = copies_.metabase()) {
    show("in the metabase", metabase->revealed_password);
  }
}

}  // namespace iwamtrace
