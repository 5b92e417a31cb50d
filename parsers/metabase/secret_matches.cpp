#include "parsers/metabase/secret_matches.h"

#include <algorithm>
#include <vector>

#include "model/artefact.h"
#include "parsers/cursor.h"

namespace iwamtrace {
namespace {

using By = SecretMatch::By;
using State = Keystream::State;

// The current and former password of COM+, as text without its NUL.
struct Candidate {
  const OpenedSecret* secret = nullptr;
  Bytes text;
};

std::vector<Candidate> candidates_of(const KeyRing& keys) {
  std::vector<Candidate> candidates;
  for (const OpenedSecret& secret : keys.secrets) {
    Bytes text = secret.value.view();
    if (!secret.name.is(kPooledSecret) || text.size() % 2 != 0) {
      continue;
    }
    if (!text.empty() && u16_at(text, text.size() - 2, "character") == 0) {
      text = text.first(text.size() - 2);
    }
    candidates.push_back(Candidate{&secret, text});
  }
  return candidates;
}

// Whether the stream, as it is known without the candidate, has a byte that contradicts it.
bool contradicted(const Keystream& stream, Bytes cipher, Bytes data) {
  for (std::size_t i = 0; i < data.size(); ++i) {
    if (stream.state(i) == State::kKnown && (cipher[i] ^ data[i]) != stream.at(i)) {
      return true;
    }
  }
  return false;
}

// Whether, with the candidate, every byte of it is borne out by other properties.
bool borne_out(const Keystream& stream, Bytes cipher, Bytes data) {
  return data.size() <= kLongestStream && stream.state(0, data.size()) == State::kKnown &&
         !contradicted(stream, cipher, data);
}

SecretMatch match_encrypted(SealedProperty& property, const Candidate& candidate,
                            KeyGroups& groups) {
  SecretMatch match{candidate.secret->where, candidate.secret->previous, Equality::kUnknown,
                    By::kNothing};
  const auto settle = [&](Equality result, By by) {
    match.result = result;
    match.by = by;
    return match;
  };
  const SecretBytes data = password_data(candidate.text);
  if (data.size() != property.cipher().size()) {
    return settle(Equality::kDifferent, By::kLength);
  }
  const By by = groups.of(property).key != nullptr ? By::kValue : By::kKeystream;
  const Keystream& stream = groups.of(property).stream();
  if (contradicted(stream, property.cipher(), data.view())) {
    return settle(Equality::kDifferent, by);
  }
  if (borne_out(stream, property.cipher(), data.view())) {
    return settle(Equality::kEqual, by);
  }
  if (borne_out(groups.stream_with(property, data.view()), property.cipher(), data.view())) {
    groups.prove(property, data.view());
    return settle(Equality::kEqual, by);
  }
  return match;
}

SecretMatch match_cleartext(const SealedProperty& property, const Candidate& candidate) {
  const Bytes text = property.value.form == SecureValue::Form::kCleartext
                         ? text_in(property.value.data.view())
                         : property.value.data.view();
  const bool equal = std::ranges::equal(text, candidate.text);
  return SecretMatch{candidate.secret->where, candidate.secret->previous,
                     equal ? Equality::kEqual : Equality::kDifferent, By::kValue};
}

// Versions of a metabase repeat their properties.
const SealedFile* same_as_before(std::span<const SealedFile> before, const SealedProperty& own) {
  const auto found = std::ranges::find_if(before, [&](const SealedFile& file) {
    return file.wam_password && file.properties[*file.wam_password].group == own.group &&
           std::ranges::equal(file.properties[*file.wam_password].cipher(), own.cipher());
  });
  return found == before.end() ? nullptr : &*found;
}

}  // namespace

void match_secrets(std::span<SealedFile> files, const KeyRing& keys, KeyGroups& groups) {
  const std::vector<Candidate> candidates = candidates_of(keys);
  for (std::size_t i = 0; i < files.size(); ++i) {
    SealedFile& file = files[i];
    if (!file.wam_password) {
      continue;
    }
    SealedProperty& property = file.properties[*file.wam_password];
    if (const SealedFile* same =
            property.encrypted() ? same_as_before(files.first(i), property) : nullptr) {
      file.password_matches = same->password_matches;
      continue;
    }
    for (const Candidate& candidate : candidates) {
      if (property.encrypted()) {
        file.password_matches.push_back(match_encrypted(property, candidate, groups));
      } else if (property.value.form == SecureValue::Form::kText ||
                 property.value.form == SecureValue::Form::kCleartext) {
        file.password_matches.push_back(match_cleartext(property, candidate));
      }
    }
  }
}

void match_secrets_by_digest(SealedFile& file, const KeyRing& keys, const Key16& digest) {
  std::vector<Candidate> candidates = candidates_of(keys);
  for (SecretMatch& match : file.password_matches) {
    const auto candidate = std::ranges::find_if(candidates, [&](const Candidate& each) {
      return each.secret->where == match.secret && each.secret->previous == match.previous;
    });
    if (match.result == Equality::kUnknown && candidate != candidates.end()) {
      const SecretBytes data = password_data(candidate->text);
      const bool equal = std::ranges::equal(md5({data.view()}).bytes, digest.bytes);
      match.result = equal ? Equality::kEqual : Equality::kDifferent;
      match.by = By::kSignature;
    }
  }
}

}  // namespace iwamtrace
