// Which passwords do LSA and the metabase hold, and whose are they?
#include <algorithm>

#include "analyzers/questions.h"

namespace iwamtrace {
namespace {

constexpr std::string_view kWebService = "/LM/W3SVC";

// Everybody whose password has the fingerprint. An equal fingerprint is an equal password, the
// empty one included.
class Matching {
 public:
  Matching(const Case& the_case, const Fingerprint& fingerprint)
      : case_(the_case), fingerprint_(fingerprint) {}

  void accounts() {
    for (const Account& account : case_.all<Account>()) {
      if (account.fingerprint == fingerprint_) {
        add(say("sam:", account.name));
      }
    }
    for (const Account& account : case_.all<Account>()) {
      const std::size_t first = account.history_begins_with_current ? 1 : 0;
      for (std::size_t i = first; i < account.history.size(); ++i) {
        if (account.history[i] == fingerprint_) {
          add(say("sam-history:", account.name, ":", i));
        }
      }
    }
  }
  void metabases() {
    for (const MetabaseSnapshot& version : case_.all<MetabaseSnapshot>()) {
      if (version.fingerprint == fingerprint_) {
        add(say("metabase:", kWebService));
      }
    }
  }
  void secrets() {
    for (const Secret& secret : case_.all<Secret>()) {
      if (secret.current.fingerprint == fingerprint_) {
        add(say("lsa:", secret.name));
      }
    }
  }
  [[nodiscard]] std::vector<Untrusted> take() { return std::move(found_); }

 private:
  void add(Untrusted match) {
    if (std::ranges::find(found_, match) == found_.end()) {
      found_.push_back(std::move(match));
    }
  }

  const Case& case_;
  const Fingerprint& fingerprint_;
  std::vector<Untrusted> found_;
};

std::vector<Untrusted> matches_of_secret(const Case& the_case, const SecretValue& value) {
  if (!value.fingerprint) {
    return {};
  }
  Matching matching(the_case, *value.fingerprint);
  matching.accounts();
  matching.metabases();
  return matching.take();
}

std::vector<Untrusted> matches_of_property(const Case& the_case, const SecretValue& value) {
  if (!value.fingerprint) {
    return {};
  }
  Matching matching(the_case, *value.fingerprint);
  matching.accounts();
  matching.secrets();
  return matching.take();
}

HeldSecret held(const Case& the_case, const Secret& secret) {
  HeldSecret held;
  held.name = secret.name;
  held.current = secret.current;
  held.previous = secret.previous;
  held.matches = matches_of_secret(the_case, secret.current);
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
HeldSecret held(const Case& the_case, const MetabaseSnapshot& version) {
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
  held.matches = matches_of_property(the_case, held.current);
  held.citations = {version.password_where};
  return held;
}

}  // namespace

void match_secrets(const Case& the_case, Answers& answers) {
  SecretsAnswer& secrets = answers.secrets;
  for (const Secret& secret : the_case.all<Secret>()) {
    secrets.held.push_back(held(the_case, secret));
  }
  for (const MetabaseSnapshot& version : the_case.all<MetabaseSnapshot>()) {
    if (version.password_form) {
      secrets.held.push_back(held(the_case, version));
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
