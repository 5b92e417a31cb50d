// Which passwords do LSA and the metabase hold, and whose are they?
#include <algorithm>
#include <map>
#include <set>

#include "analyzers/questions.h"

namespace iwamtrace {
namespace {

constexpr std::string_view kWebService = "/LM/W3SVC";

// Where else a password stands, by its fingerprint: an equal one is an equal password, the empty
// one included.
class PasswordIndex {
 public:
  explicit PasswordIndex(const Case& the_case) {
    for (const Account& account : the_case.all<Account>()) {
      add(accounts_, account.fingerprint, say("sam:", account.name));
      const std::size_t first = account.history_begins_with_current ? 1 : 0;
      for (std::size_t i = first; i < account.history.size(); ++i) {
        add(histories_, account.history[i], say("sam-history:", account.name, ":", i));
      }
    }
    for (const MetabaseSnapshot& version : the_case.all<MetabaseSnapshot>()) {
      add(metabases_, version.fingerprint, say("metabase:", kWebService));
    }
    for (const Secret& secret : the_case.all<Secret>()) {
      add(secrets_, secret.current.fingerprint, say("lsa:", secret.name));
    }
  }

  void match_secret(HeldSecret& held) const {
    match(accounts_, held);
    match(histories_, held);
    match(metabases_, held);
  }
  void match_property(HeldSecret& held) const {
    match(accounts_, held);
    match(histories_, held);
    match(secrets_, held);
  }

 private:
  using Names = std::map<Fingerprint, std::set<Untrusted>>;  // of several hives each name once

  static void add(Names& names, const std::optional<Fingerprint>& fingerprint, Untrusted name) {
    if (fingerprint) {
      names[*fingerprint].insert(std::move(name));
    }
  }
  static void match(const Names& names, HeldSecret& held) {
    constexpr std::size_t kMostMatches = 100;
    if (!held.current.fingerprint) {
      return;
    }
    if (const auto found = names.find(*held.current.fingerprint); found != names.end()) {
      const std::size_t room = kMostMatches - held.matches.size();
      const std::size_t taken = std::min(room, found->second.size());
      std::ranges::copy_n(found->second.begin(), static_cast<std::ptrdiff_t>(taken),
                          std::back_inserter(held.matches));
      held.matches_omitted += found->second.size() - taken;
    }
  }

  Names accounts_, histories_, metabases_, secrets_;
};

HeldSecret held_by(const Secret& secret) {
  HeldSecret held;
  held.name = secret.name;
  held.current = secret.current;
  held.previous = secret.previous;
  held.citations = {secret.where, secret.current.where, secret.current.set_where};
  return held;
}

SecretState state_of(const MetabaseSnapshot& version) {
  if (version.fingerprint) {
    return version.password_length == 0U ? SecretState::kEmpty : SecretState::kValue;
  }
  return version.password_form == PasswordForm::kUnreadable ? SecretState::kDamaged
                                                            : SecretState::kLocked;
}

// The value has no time of its own: that of the file is the version's, at best.
HeldSecret held_by(const MetabaseSnapshot& version) {
  HeldSecret held;
  held.name = say(kWebService, "/WAMUserPass");
  held.current.state = state_of(version);
  held.current.password_length = version.password_length;
  if (version.password_length) {
    held.current.length = 2 * (*version.password_length + 1);  // UTF-16 with its NUL
  }
  held.current.fingerprint = version.fingerprint;
  held.current.revealed = version.revealed_password;
  held.current.where = version.password_where;
  held.citations = {version.password_where};
  return held;
}

}  // namespace

void match_secrets(const Case& the_case, Answers& answers) {
  SecretsAnswer& secrets = answers.secrets;
  const PasswordIndex index(the_case);
  for (const Secret& secret : the_case.all<Secret>()) {
    index.match_secret(secrets.held.emplace_back(held_by(secret)));
  }
  for (const MetabaseSnapshot& version : the_case.all<MetabaseSnapshot>()) {
    if (version.password_form) {
      index.match_property(secrets.held.emplace_back(held_by(version)));
    }
  }
  for (const Unlocking& unlocking : the_case.all<Unlocking>()) {
    const bool security = the_case.source(unlocking.where.source).kind == SourceKind::kHiveSecurity;
    if (security && unlocking.result != Unlocking::Result::kOpened) {
      secrets.locked_because = unlocking.because;
    }
  }
}

}  // namespace iwamtrace
