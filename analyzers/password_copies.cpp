// Do the three copies of the password agree, and where not, which one is how old?
#include <algorithm>
#include <array>

#include "analyzers/questions.h"

namespace iwamtrace {
namespace {

// Of several copies of a hive the one that was written last speaks; of one hive every account.
const Account* find_account(const Case& the_case, const IwamAnswer& iwam) {
  const Account* latest = nullptr;
  if (iwam.user_name.empty() || !iwam.domain.empty()) {
    return nullptr;
  }
  for (const Account& account : the_case.all<Account>()) {
    if (account.name.is(iwam.user_name.view()) &&
        (latest == nullptr || account.key_written >= latest->key_written)) {
      latest = &account;
    }
  }
  return latest;
}

const Secret* find_secret(const Case& the_case) {
  const Secret* latest = nullptr;
  for (const Secret& secret : the_case.all<Secret>()) {
    if (secret.name.is(kPooledSecret) &&
        (latest == nullptr || secret.current.set >= latest->current.set)) {
      latest = &secret;
    }
  }
  return latest;
}

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
  comparison.basis = say("NT hash of the LSA secret against the SAM's");
  if (!equal) {
    comparison.sam_history_index = history_index(*account, *secret->current.fingerprint);
    if (comparison.sam_history_index) {
      comparison.citations.push_back(account->history_where);
    }
  }
  return comparison;
}

// The live metabase is the youngest version.
const MetabaseSnapshot* live_metabase(const CopiesAnswer& copies) {
  return copies.metabases.empty() ? nullptr : copies.metabases.back();
}

// By value where the metabase has it in clear, by length where only that is visible.
void compare_values(const MetabaseSnapshot& metabase, const std::optional<Fingerprint>& other,
                    std::optional<std::uint32_t> other_length, std::string_view other_name,
                    Comparison& comparison) {
  if (metabase.fingerprint && other) {
    comparison.result = *metabase.fingerprint == *other ? Equality::kEqual : Equality::kDifferent;
    comparison.basis = say("NT hash of the metabase's cleartext against ", other_name);
  } else if (metabase.password_length && other_length && metabase.password_length != other_length) {
    comparison.result = Equality::kDifferent;
    comparison.basis = say("length: ", *metabase.password_length, " characters in the metabase, ",
                           *other_length, " in ", other_name);
  } else if (metabase.password_form == PasswordForm::kEncrypted) {
    comparison.basis = say("encrypted, compared with its own versions only");
  } else {
    comparison.basis = say("the value could not be read");
  }
}

Comparison compare_metabase_with(Copy other, const CopiesAnswer& copies) {
  Comparison comparison;
  comparison.left = Copy::kMetabase;
  comparison.right = other;
  const MetabaseSnapshot* metabase = live_metabase(copies);
  if (metabase == nullptr || !metabase->password_form) {
    comparison.basis = say("no metabase of the case has WAMUserPass");
    return comparison;
  }
  comparison.citations = {metabase->password_where};
  if (other == Copy::kSam && copies.account != nullptr) {
    comparison.citations.push_back(copies.account->hash_where);
    compare_values(*metabase, copies.account->fingerprint, {}, "the SAM", comparison);
    if (copies.account->fingerprint && metabase->fingerprint &&
        comparison.result == Equality::kDifferent) {
      comparison.sam_history_index = history_index(*copies.account, *metabase->fingerprint);
    }
  } else if (other == Copy::kComPlus && copies.secret != nullptr) {
    const SecretValue& secret = copies.secret->current;
    comparison.citations.push_back(secret.where);
    compare_values(*metabase, secret.fingerprint, secret.password_length, "the COM+ secret",
                   comparison);
  } else {
    comparison.basis = say("the other copy is not in the case");
  }
  return comparison;
}

// Equality is transitive: what differs from one of two equal copies differs from the other.
void conclude_transitively(const Comparison& com_plus_to_sam, Comparison& metabase_to_sam,
                           Comparison& metabase_to_com_plus) {
  if (com_plus_to_sam.result != Equality::kEqual) {
    return;
  }
  const auto follow = [&](Comparison& unknown, const Comparison& known, std::string_view other) {
    if (unknown.result == Equality::kUnknown && known.result != Equality::kUnknown) {
      unknown.result = known.result;
      unknown.basis = say(known.basis, "; COM+ and SAM are equal, so it holds for ", other);
      unknown.citations = known.citations;
    }
  };
  follow(metabase_to_sam, metabase_to_com_plus, "the SAM");
  follow(metabase_to_com_plus, metabase_to_sam, "COM+");
}

}  // namespace

void compare_password_copies(const Case& the_case, Answers& answers) {
  CopiesAnswer& copies = answers.copies;
  copies.account = find_account(the_case, answers.iwam);
  copies.secret = find_secret(the_case);
  for (const MetabaseSnapshot& version : the_case.all<MetabaseSnapshot>()) {
    copies.metabases.push_back(&version);
  }
  const Comparison com_plus_to_sam = compare_com_plus_with_sam(the_case, copies);
  Comparison metabase_to_sam = compare_metabase_with(Copy::kSam, copies);
  Comparison metabase_to_com_plus = compare_metabase_with(Copy::kComPlus, copies);
  conclude_transitively(com_plus_to_sam, metabase_to_sam, metabase_to_com_plus);
  copies.comparisons = {com_plus_to_sam, metabase_to_sam, metabase_to_com_plus};
}

}  // namespace iwamtrace
