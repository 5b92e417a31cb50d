// Which passwords do LSA and the metabase hold, and whose are they?
#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <span>

#include "analyzers/questions.h"

namespace iwamtrace {
namespace {

// "/LM/W3SVC/WAMUserPass".
Untrusted path_of(const SecureProperty& property) {
  return say(property.location, property.location.is("/") ? "" : "/", property.name);
}

// "metabase:/LM/W3SVC": of the password that this program is about the key alone. What an older
// version has, the live one need not have.
Untrusted name_in_matches(const SecureProperty& property, const CopiesAnswer& copies) {
  Untrusted name =
      say("metabase:", property.name.is("WAMUserPass") ? property.location : path_of(property));
  const auto version = std::ranges::find_if(copies.metabases, [&](const auto* one) {
    return one->where.source == property.where.source;
  });
  const bool live = version != copies.metabases.end() && copies.live_metabase &&
                    *version == copies.metabases.back();
  if (version != copies.metabases.end() && !live && (*version)->major) {
    name.append(say(" in version ", *(*version)->major).view());
  }
  return name;
}

// Where else a password stands, by its fingerprint: an equal one is an equal password, the empty
// one included.
class PasswordIndex {
 public:
  PasswordIndex(const Case& the_case, const CopiesAnswer& copies) {
    for (const Account& account : the_case.all<Account>()) {
      add(accounts_, account.fingerprint, say("sam:", account.name));
      const std::size_t first = account.history_begins_with_current ? 1 : 0;
      for (std::size_t i = first; i < account.history.size(); ++i) {
        add(histories_, account.history[i], say("sam-history:", account.name, ":", i));
      }
    }
    for (const SecureProperty& property : the_case.all<SecureProperty>()) {
      add(metabases_, property.fingerprint, name_in_matches(property, copies));
    }
    for (const Secret& secret : the_case.all<Secret>()) {
      add(secrets_, secret.current.fingerprint, say("lsa:", secret.name));
      add(secrets_, secret.previous.fingerprint, say("lsa-previous:", secret.name));
    }
  }

  void match_secret(HeldSecret& held) const {
    constexpr std::array kOthers{&PasswordIndex::accounts_, &PasswordIndex::histories_,
                                 &PasswordIndex::metabases_};
    match(kOthers, held.current.fingerprint, held.matches, held.matches_omitted);
    if (held.previous) {
      match(kOthers, held.previous->fingerprint, held.previous_matches, held.matches_omitted);
    }
  }
  void match_property(HeldSecret& held) const {
    constexpr std::array kOthers{&PasswordIndex::accounts_, &PasswordIndex::histories_,
                                 &PasswordIndex::secrets_};
    if (held.current.state != SecretState::kEmpty) {  // that two are empty says nothing
      match(kOthers, held.current.fingerprint, held.matches, held.matches_omitted);
    }
  }

 private:
  using Names = std::map<Fingerprint, std::set<Untrusted>>;  // of several hives each name once

  static void add(Names& names, const std::optional<Fingerprint>& fingerprint, Untrusted name) {
    if (fingerprint) {
      names[*fingerprint].insert(std::move(name));
    }
  }
  void match(std::span<Names PasswordIndex::*const> others,
             const std::optional<Fingerprint>& fingerprint, std::vector<Untrusted>& matches,
             std::size_t& omitted) const {
    constexpr std::size_t kMostMatches = 100;
    for (const auto other : others) {
      const Names& names = this->*other;
      const auto found = fingerprint ? names.find(*fingerprint) : names.end();
      if (found == names.end()) {
        continue;
      }
      const std::size_t taken = std::min(kMostMatches - matches.size(), found->second.size());
      std::ranges::copy_n(found->second.begin(), static_cast<std::ptrdiff_t>(taken),
                          std::back_inserter(matches));
      omitted += found->second.size() - taken;
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

SecretState state_of(const SecureProperty& property) {
  const bool read = property.method >= SecretMethod::kKeystream;
  if (property.form == PasswordForm::kUnreadable) {
    return SecretState::kDamaged;
  }
  if (property.characters ? !property.fingerprint : !read) {
    return SecretState::kLocked;
  }
  return property.characters == 0U ? SecretState::kEmpty : SecretState::kValue;
}

// The value has no time of its own: that of the file is the version's, at best.
HeldSecret held_by(const SecureProperty& property) {
  HeldSecret held;
  held.name = path_of(property);
  held.password = property.characters.has_value() || property.form != PasswordForm::kEncrypted;
  held.current.state = state_of(property);
  held.current.password_length = property.characters;
  if (property.characters) {
    held.current.length = 2 * (*property.characters + 1);  // UTF-16 with its NUL
  } else if (property.size != 0) {
    held.current.length = property.size;
  }
  held.current.fingerprint = property.fingerprint;
  held.current.revealed = property.revealed;
  held.current.where = property.where;
  held.citations = {property.where};
  return held;
}

}  // namespace

void match_secrets(const Case& the_case, Answers& answers) {
  SecretsAnswer& secrets = answers.secrets;
  const PasswordIndex index(the_case, answers.copies);
  for (const Secret& secret : the_case.all<Secret>()) {
    index.match_secret(secrets.held.emplace_back(held_by(secret)));
  }
  for (const SecureProperty& property : the_case.all<SecureProperty>()) {
    index.match_property(secrets.held.emplace_back(held_by(property)));
  }
  for (const Unlocking& unlocking : the_case.all<Unlocking>()) {
    const bool security = the_case.source(unlocking.where.source).kind == SourceKind::kHiveSecurity;
    if (security && unlocking.result != Unlocking::Result::kOpened) {
      secrets.locked_because = unlocking.because;
    }
  }
}

}  // namespace iwamtrace
