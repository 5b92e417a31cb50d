// Do the three copies of the password agree, and where not, which one is how old?
#include <algorithm>
#include <array>

#include "analyzers/metabase_history.h"
#include "analyzers/own_evidence.h"
#include "analyzers/questions.h"

namespace iwamtrace {
namespace {

std::optional<std::size_t> history_index(const Account& account, const Fingerprint& fingerprint) {
  const auto found = std::ranges::find(account.history, fingerprint);
  if (found == account.history.end()) {
    return std::nullopt;
  }
  return static_cast<std::size_t>(found - account.history.begin());
}

// Why a hive's secrets are locked, in the words of whoever tried to open them.
Untrusted why_locked(const Case& the_case, SourceId source) {
  const auto found = std::ranges::find_if(
      the_case.all<Unlocking>(),
      [&](const Unlocking& unlocking) { return unlocking.where.source == source; });
  return found == the_case.all<Unlocking>().end() ? say("locked") : found->because;
}

Comparison compare_com_plus_with_sam(const Case& the_case, const CopiesAnswer& copies) {
  Comparison comparison;
  comparison.left = Copy::kComPlus;
  comparison.right = Copy::kSam;
  const Account* account = copies.account;
  const Secret* secret = copies.secret;
  if (account == nullptr || secret == nullptr) {
    comparison.basis = account == nullptr ? say("the account is in no SAM hive of the case")
                       : copies.secret_of_another_machine
                           ? say("the SECURITY hive of the case is of another machine")
                           : say("no SECURITY hive of the case has the secret");
    return comparison;
  }
  comparison.citations = {secret->current.where, account->hash_where};
  if (!secret->current.fingerprint || !account->fingerprint) {
    const bool secret_locked = !secret->current.fingerprint;
    comparison.basis =
        why_locked(the_case, secret_locked ? secret->where.source : account->where.source);
    return comparison;
  }
  const bool equal = *secret->current.fingerprint == *account->fingerprint;
  comparison.result = equal ? Equality::kEqual : Equality::kDifferent;
  comparison.basis = say("proved by NT hash: the LSA secret's against the SAM's");
  if (!equal) {
    comparison.sam_history_index = history_index(*account, *secret->current.fingerprint);
    if (comparison.sam_history_index) {
      comparison.citations.push_back(account->history_where);
    }
  }
  return comparison;
}

// The test of one value of the COM+ secret that the worker made; nullptr where it made none.
const SecretMatch* match_of(const MetabaseSnapshot& metabase, const SecretValue& value) {
  const auto found =
      std::ranges::find(metabase.password_matches, value.where, &SecretMatch::secret);
  return found == metabase.password_matches.end() ? nullptr : &*found;
}

bool holds(const MetabaseSnapshot& metabase, const SecretValue& value) {
  const SecretMatch* match = match_of(metabase, value);
  return match != nullptr && match->result == Equality::kEqual;
}

// The metabase's password as a fingerprint, and how it is known.
struct KnownPassword {
  std::optional<Fingerprint> fingerprint;
  Untrusted how;
};

KnownPassword known_password(const MetabaseSnapshot& metabase, const Secret* secret) {
  if (metabase.fingerprint) {
    return {metabase.fingerprint, say(in_words(metabase.password_method),
                                      metabase.password_signature == SignatureCheck::kHolds
                                          ? ", confirmed by its signature"
                                          : "")};
  }
  if (secret != nullptr && holds(metabase, secret->current)) {
    return {secret->current.fingerprint, say("by its signature that of COM+")};
  }
  if (secret != nullptr && holds(metabase, secret->previous)) {
    return {secret->previous.fingerprint, say("by its signature the former one of COM+")};
  }
  return {};
}

Untrusted why_unknown(const MetabaseSnapshot& metabase) {
  if (metabase.password_form == PasswordForm::kUnreadable) {
    return say("the value could not be read");
  }
  if (metabase.password_form == PasswordForm::kMasked) {
    return say("a mark stands there instead of the password");
  }
  return metabase.password_unknown_because.empty()
             ? say("encrypted")
             : say("encrypted: ", metabase.password_unknown_because);
}

void compare_with_sam(const Case& the_case, const CopiesAnswer& copies,
                      const MetabaseSnapshot& metabase, Comparison& comparison) {
  const Account* account = copies.account;
  if (account == nullptr) {
    comparison.basis = say("the account is in no SAM hive of the case");
    return;
  }
  comparison.citations.push_back(account->hash_where);
  const KnownPassword known = known_password(metabase, copies.secret);
  if (!known.fingerprint || !account->fingerprint) {
    comparison.basis =
        known.fingerprint ? why_locked(the_case, account->where.source) : why_unknown(metabase);
    return;
  }
  const bool equal = *known.fingerprint == *account->fingerprint;
  comparison.result = equal ? Equality::kEqual : Equality::kDifferent;
  comparison.basis = say("proved by NT hash: the metabase's (", known.how, ") against the SAM's");
  if (!equal) {
    comparison.sam_history_index = history_index(*account, *known.fingerprint);
    if (comparison.sam_history_index) {
      comparison.citations.push_back(account->history_where);
    }
  }
}

// What the worker proved, in words.
Untrusted proof(const SecretMatch& match, const MetabaseSnapshot& metabase,
                const SecretValue& secret) {
  const bool equal = match.result == Equality::kEqual;
  switch (match.by) {
    case SecretMatch::By::kLength:
      return say("proved by length: ", metabase.password_length.value_or(0),
                 " characters in the metabase, ", secret.password_length.value_or(0),
                 " in the COM+ secret");
    case SecretMatch::By::kKeystream:
      return equal ? say("proved by keystream: the COM+ secret makes of the other secure "
                         "properties what they must be")
                   : say("proved by keystream: the COM+ secret makes of the other secure "
                         "properties what they cannot be");
    case SecretMatch::By::kSignature:
      return equal ? say("proved by signature: the metabase's is of the COM+ secret")
                   : say("proved by signature: the metabase's is not of the COM+ secret");
    default:
      return say("proved by value: the metabase's (", in_words(metabase.password_method),
                 ") against the COM+ secret");
  }
}

void compare_with_com_plus(const Case& the_case, const CopiesAnswer& copies,
                           const MetabaseSnapshot& metabase, Comparison& comparison) {
  if (copies.secret == nullptr) {
    comparison.basis = say("no SECURITY hive of the case has the secret");
    return;
  }
  const SecretValue& current = copies.secret->current;
  comparison.citations.push_back(current.where);
  const SecretMatch* match = match_of(metabase, current);
  if (metabase.fingerprint && current.fingerprint) {
    const bool equal = *metabase.fingerprint == *current.fingerprint;
    comparison.result = equal ? Equality::kEqual : Equality::kDifferent;
    comparison.basis =
        say("proved by NT hash: the metabase's (", known_password(metabase, copies.secret).how,
            ") against that of the COM+ secret");
  } else if (match != nullptr && match->result != Equality::kUnknown) {
    comparison.result = match->result;
    comparison.basis = proof(*match, metabase, current);
  } else {
    comparison.basis = match == nullptr && !current.fingerprint
                           ? why_locked(the_case, copies.secret->where.source)
                           : why_unknown(metabase);
  }
  if (comparison.result == Equality::kDifferent && holds(metabase, copies.secret->previous)) {
    comparison.basis.append("; it is the one that COM+ had before");
    comparison.citations.push_back(copies.secret->previous.where);
  }
}

std::optional<Timestamp> when_set(Copy copy, const CopiesAnswer& copies) {
  if (copy == Copy::kSam) {
    return copies.account == nullptr ? std::nullopt : copies.account->password_last_set;
  }
  return copies.secret == nullptr ? std::nullopt : copies.secret->current.set;
}

// A text of adsutil.vbs, a version of the history and a file that is older than the other copy
// prove what the metabase held, not that it holds it still.
void doubt_the_day(const Case& the_case, const CopiesAnswer& copies,
                   const MetabaseSnapshot& metabase, Copy other, Comparison& comparison) {
  const bool printed = is_export(the_case, metabase);
  const std::optional<Timestamp> set = when_set(other, copies);
  const std::optional<Timestamp> saved = printed ? the_case.source(metabase.where.source).modified
                                                 : saved_at(the_case, copies, metabase);
  const bool older = saved && set && *saved <= *set;
  comparison.undated = printed || !copies.live_metabase || older;
  if (comparison.result != Equality::kDifferent || copies.live_metabase ||
      (saved && set && !older)) {
    return;
  }
  const Untrusted what = printed ? say("adsutil.vbs printed ") : say("the history has ");
  comparison.result = Equality::kUnknown;
  comparison.basis = comparison.sam_history_index
                         ? say(what, "entry ", *comparison.sam_history_index,
                               " of the SAM's history, perhaps when that was the password")
                         : say(what, "another password, perhaps of a time before this one was set");
  comparison.sam_history_index.reset();
}

// Several texts that do not agree, and nobody knows which is younger.
bool texts_disagree(const CopiesAnswer& copies) {
  return copies.metabases.empty() &&
         std::ranges::any_of(copies.exports, [&](const MetabaseSnapshot* text) {
           return same_password(*text, *copies.metabase()) == false;
         });
}

Comparison compare_metabase_with(Copy other, const Case& the_case, const CopiesAnswer& copies,
                                 UntrustedView account) {
  Comparison comparison;
  comparison.left = Copy::kMetabase;
  comparison.right = other;
  const MetabaseSnapshot* metabase = copies.metabase();
  if (metabase == nullptr || !metabase->password_form) {
    comparison.basis = metabase != nullptr && is_damaged(the_case.source(metabase->where.source))
                           ? say("the metabase is damaged, and its WAMUserPass was not read")
                           : say("no metabase of the case has WAMUserPass");
    return comparison;
  }
  if (!names_account(*metabase, account)) {
    comparison.basis = say("the metabase names another account, ", metabase->wam_user_name);
    comparison.citations = {metabase->wam_user_name_where};
    return comparison;
  }
  if (texts_disagree(copies)) {
    comparison.basis = say("what adsutil.vbs printed differs from text to text");
    return comparison;
  }
  comparison.citations = {metabase->password_where};
  (other == Copy::kSam ? compare_with_sam : compare_with_com_plus)(the_case, copies, *metabase,
                                                                   comparison);
  doubt_the_day(the_case, copies, *metabase, other, comparison);
  return comparison;
}

// Equality is transitive: two copies that are equal have the same to say of the third.
void conclude_transitively(Comparison& one, Comparison& other, Comparison& third) {
  const auto follow = [](Comparison& unknown, const Comparison& known, const Comparison& equal) {
    if (equal.result == Equality::kEqual && unknown.result == Equality::kUnknown &&
        known.result != Equality::kUnknown) {
      unknown.result = known.result;
      unknown.basis = say(known.basis, "; and ", name_of(equal.left), " equals ",
                          name_of(equal.right), ": ", equal.basis);
      unknown.undated = known.undated || equal.undated;
      unknown.citations = known.citations;
      unknown.citations.insert(unknown.citations.end(), equal.citations.begin(),
                               equal.citations.end());
    }
  };
  const std::array<Comparison*, 3> all{&one, &other, &third};
  for (std::size_t i = 0; i < all.size(); ++i) {
    follow(*all[i], *all[(i + 1) % 3], *all[(i + 2) % 3]);
    follow(*all[i], *all[(i + 2) % 3], *all[(i + 1) % 3]);
  }
}

}  // namespace

void compare_password_copies(const Case& the_case, Answers& answers) {
  CopiesAnswer& copies = answers.copies;
  // A domain account's password is in no SAM of the case, whatever is called like it there.
  const OwnHives hives =
      own_hives(the_case, answers.iwam.domain.empty() ? answers.iwam.user_name : Untrusted{});
  copies.account = hives.account;
  copies.secret = hives.secret;
  for (const Source& source : the_case.sources) {
    const bool read = source.status != SourceStatus::kUnreadable;
    copies.sam_read = copies.sam_read || (read && source.kind == SourceKind::kHiveSam);
    copies.security_read =
        copies.security_read || (read && source.kind == SourceKind::kHiveSecurity);
  }
  copies.several_accounts = hives.several_accounts;
  copies.several_secrets = hives.several_secrets;
  copies.secret_of_another_machine = hives.secret_of_another_machine;
  sort_metabases(the_case, answers);
  Comparison com_plus_to_sam = compare_com_plus_with_sam(the_case, copies);
  Comparison metabase_to_sam =
      compare_metabase_with(Copy::kSam, the_case, copies, answers.iwam.user_name);
  Comparison metabase_to_com_plus =
      compare_metabase_with(Copy::kComPlus, the_case, copies, answers.iwam.user_name);
  conclude_transitively(com_plus_to_sam, metabase_to_sam, metabase_to_com_plus);
  copies.comparisons = {com_plus_to_sam, metabase_to_sam, metabase_to_com_plus};
}

}  // namespace iwamtrace
