#include "parsers/metabase/key_groups.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

namespace iwamtrace {
namespace {

// A hoster's metabase has a password for each of thousands of sites; so many of each content say
// as much as all.
constexpr std::size_t kMostWitnesses = 64;

// One for each server and each time its metabase was made anew.
constexpr std::size_t kMostKeys = 256;

KeyPrefix prefix_of(Bytes bytes) {
  KeyPrefix prefix{};
  std::ranges::copy(bytes.first(prefix.size()), prefix.begin());
  return prefix;
}

bool begins_with(const SessionKey& key, const KeyPrefix& prefix) {
  return std::ranges::equal(rc4(key.key, prefix).view(), KeyPrefix{});
}

std::string lowered(std::string text) {
  std::ranges::transform(text, text.begin(), lower);
  return text;
}

}  // namespace

KeyGroups::KeyGroups(std::span<SealedFile> files, const KeyRing& keys)
    : files_(files), keys_(keys) {
  for (SealedFile& file : files_) {
    assign(file);
  }
  // A property that several versions repeat has one voice.
  std::set<std::tuple<std::size_t, std::string, std::string, std::string>> heard;
  std::map<std::pair<std::size_t, SecureContent>, std::size_t> count;
  for (SealedFile& file : files_) {
    for (SealedProperty& property : file.properties) {
      if (property.encrypted() && count[{property.group, property.content}] < kMostWitnesses &&
          heard
              .emplace(property.group, lowered(property.location), lowered(property.name),
                       hex(property.cipher()))
              .second) {
        ++count[{property.group, property.content}];
        groups_[property.group].witnesses.push_back(&property);
      }
    }
  }
  for (KeyGroup& group : groups_) {
    if (group.key != nullptr) {
      group.recovered.stream = Keystream::of_key(group.key->key);
    } else {
      group.recovered = recover_keystream(witnesses_of(group));
    }
  }
}

void KeyGroups::assign(SealedFile& file) {
  const SessionKey* key = nullptr;
  if (file.session_key) {
    const auto found = std::ranges::find_if(keys_.session_keys, [&](const SessionKey& opened) {
      return std::ranges::equal(Bytes(opened.wrapped), file.session_key->data.view());
    });
    key = found == keys_.session_keys.end() ? nullptr : &*found;
  }
  bool fits = key == nullptr;
  for (SealedProperty& property : file.properties) {
    if (property.value.form != SecureValue::Form::kEncrypted ||
        property.value.data.size() < kZeroPrefix) {
      continue;
    }
    property.method = SecretMethod::kCiphertextOnly;
    const KeyPrefix prefix = prefix_of(property.cipher());
    const auto known = numbers_.find(prefix);
    if (known == numbers_.end() && groups_.size() == kMostKeys) {
      property.unknown_because = say("the case has more session keys than are examined");
      continue;
    }
    property.group = known != numbers_.end() ? known->second : groups_.size();
    if (known == numbers_.end()) {
      numbers_.emplace(prefix, groups_.size());
      groups_.emplace_back();
    }
    if (key != nullptr && begins_with(*key, prefix)) {
      groups_[property.group].key = key;
      fits = true;
    }
  }
  if (!fits) {
    unfitting_keys_.push_back(file.session_key_where);
  }
}

std::size_t KeyGroups::main_group(const SealedFile& file) {
  std::map<std::size_t, std::size_t> count;
  for (const SealedProperty& property : file.properties) {
    if (property.encrypted()) {
      ++count[property.group];
    }
  }
  const auto most =
      std::ranges::max_element(count, {}, [](const auto& entry) { return entry.second; });
  return most == count.end() ? SIZE_MAX : most->first;
}

std::vector<Witness> KeyGroups::witnesses_of(const KeyGroup& group) const {
  std::vector<Witness> witnesses;
  for (std::size_t i = 0; i < group.witnesses.size(); ++i) {
    const SealedProperty& property = *group.witnesses[i];
    add_witnesses(
        EncryptedProperty{i, property.location, property.name, property.content, property.cipher()},
        keys_.principals, witnesses);
  }
  for (std::size_t i = 0; i < group.proven.size(); ++i) {
    Witness witness{SIZE_MAX, Sort::kText, group.proven[i]->cipher(), {}};
    witness.claims.push_back(
        Claim{0, SecretBytes(group.proven_data[i].view()), Trust::kCertain, false});
    witnesses.push_back(std::move(witness));
  }
  return witnesses;
}

Keystream KeyGroups::stream_with(const SealedProperty& property, Bytes data) const {
  std::vector<Witness> witnesses = witnesses_of(of(property));
  Witness supposed{SIZE_MAX, Sort::kText, property.cipher(), {}};
  for (std::size_t i = 0; i < data.size(); ++i) {
    supposed.claims.push_back(Claim{i, SecretBytes(data.subspan(i, 1)), Trust::kUsual, false});
  }
  witnesses.push_back(std::move(supposed));
  return recover_keystream(witnesses).stream;
}

void KeyGroups::prove(SealedProperty& property, Bytes data) {
  KeyGroup& group = groups_[property.group];
  group.proven.push_back(&property);
  group.proven_data.emplace_back(data);
  if (group.key == nullptr) {
    group.recovered = recover_keystream(witnesses_of(group));
  }
}

void KeyGroups::open() {
  for (SealedFile& file : files_) {
    for (SealedProperty& property : file.properties) {
      if (property.encrypted()) {
        open(property);
      }
    }
  }
}

void KeyGroups::open(SealedProperty& property) const {
  const KeyGroup& group = of(property);
  const Bytes cipher = property.cipher();
  if (group.stream().state(0, cipher.size()) != Keystream::State::kKnown) {
    return;
  }
  const SecretBytes data = group.stream().decrypt(cipher);
  if (property.content == SecureContent::kPassword) {
    if (!is_password_data(data.view())) {
      property.unknown_because = say("its key makes no text of it");
      return;
    }
    property.password.emplace(text_in(data.view()));
  }
  property.unknown_because = {};
  property.method = group.key != nullptr ? SecretMethod::kRsaKey : SecretMethod::kKeystream;
}

}  // namespace iwamtrace
