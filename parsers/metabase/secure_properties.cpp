#include "parsers/metabase/secure_properties.h"

#include <algorithm>
#include <set>
#include <vector>

#include "parsers/metabase/secret_matches.h"
#include "parsers/metabase/signature_proof.h"

namespace iwamtrace {
namespace {

using Form = SecureValue::Form;
using State = Keystream::State;

void remark(const Citation& where, const Untrusted& what, EvidenceSink& sink) {
  sink.take(Damage{where.source, where.offset, 0, say(where.path, ": ", what), false});
}

struct Range {
  std::size_t first = 0, last = 0;
};

// Characters of a password, from 1, that its stream does not tell.
std::vector<Range> unknown_characters(const Keystream& stream, std::size_t count) {
  std::vector<Range> ranges;
  for (std::size_t i = 1; i <= count; ++i) {
    const std::size_t at = kZeroPrefix + 2 * (i - 1);
    if (stream.state(at, at + 2) == State::kKnown) {
      continue;
    }
    if (!ranges.empty() && ranges.back().last + 1 == i) {
      ranges.back().last = i;
    } else {
      ranges.push_back(Range{i, i});
    }
  }
  return ranges;
}

// "its characters 2 and 17-18", "any of its 14 characters".
Untrusted in_words(const std::vector<Range>& ranges, std::size_t count) {
  if (ranges.size() == 1 && ranges.front().first == 1 && ranges.front().last == count) {
    return say("any of its ", count, " characters");
  }
  const bool one = ranges.size() == 1 && ranges.front().first == ranges.front().last;
  Untrusted text = say(one ? "its character " : "its characters ");
  for (std::size_t i = 0; i < ranges.size(); ++i) {
    text.append(i == 0 ? "" : i + 1 == ranges.size() ? " and " : ", ");
    text.append(ranges[i].first);
    if (ranges[i].first != ranges[i].last) {
      text.append("-");
      text.append(ranges[i].last);
    }
  }
  return text;
}

Untrusted why_unknown(const SealedProperty& property, const KeyGroups& groups) {
  switch (property.signature) {
    case SignatureCheck::kForeign:
      return say(
          "its signature is not of the key that signed the rest of the file: the blob was "
          "edited, or comes from another server");
    case SignatureCheck::kOfOtherValue:
      return say("its signature is genuine and of another value: the encrypted bytes were edited");
    default:
      break;
  }
  if (!property.encrypted() || property.content != SecureContent::kPassword) {
    return {};
  }
  const auto count = characters_of(property.value);
  if (!count || property.cipher().size() > kLongestStream) {
    return say("its size is that of no password");
  }
  const std::vector<Range> unknown = unknown_characters(groups.of(property).stream(), *count);
  return unknown.empty()
             ? Untrusted{}
             : say("the other secure properties do not tell ", in_words(unknown, *count));
}

void read_cleartext(SealedProperty& property) {
  const bool blob = property.value.form == Form::kCleartext;
  if (!blob && property.value.form != Form::kText) {
    return;
  }
  property.method = SecretMethod::kPlaintext;
  if (property.content == SecureContent::kPassword) {
    const Bytes data = property.value.data.view();
    property.password.emplace(blob ? text_in(data) : data);
  }
}

class Conclusion {
 public:
  Conclusion(std::span<SealedFile> files, const KeyGroups& groups, EvidenceSink& sink)
      : files_(files), groups_(groups), sink_(sink) {}

  void run() {
    for (SealedFile& file : files_) {
      const std::size_t main_group = KeyGroups::main_group(file);
      for (SealedProperty& property : file.properties) {
        conclude(property, main_group);
      }
      name_support(file);
    }
    for (const Citation& where : groups_.unfitting_keys()) {
      remark(where, say("opened with the server's RSA key, but no property is under that key"),
             sink_);
    }
    for (const KeyGroup& group : groups_.all()) {
      name_contradicted(group);
    }
  }

 private:
  void conclude(SealedProperty& property, std::size_t main_group) {
    if (property.encrypted() && property.group != main_group) {
      remark(property.where,
             say("encrypted under another session key than the rest of the file, as if pasted from "
                 "another metabase"),
             sink_);
    }
    if (property.encrypted() && !property.password) {
      Untrusted because = why_unknown(property, groups_);
      if (property.signature >= SignatureCheck::kOfOtherValue) {
        remark(property.where, because, sink_);
        property.unknown_because = std::move(because);
      } else if (!because.empty()) {
        because.append(property.unknown_because.empty() ? "" : "; ");
        because.append(property.unknown_because);
        property.unknown_because = std::move(because);
      }
    }
    if (!property.value.because.empty() && property.value.form != Form::kDamaged) {
      remark(property.where, say(std::string_view{property.value.because}), sink_);
    }
  }

  // What WAMUserPass is read by: the RSA key, or some properties of its own file, one of each size.
  void name_support(SealedFile& file) const {
    constexpr std::size_t kMostNamed = 3;
    if (!file.wam_password) {
      return;
    }
    const SealedProperty& password = file.properties[*file.wam_password];
    if (password.method == SecretMethod::kRsaKey) {
      file.opened_by.push_back(groups_.of(password).key->where);
    }
    if (password.method != SecretMethod::kKeystream) {
      return;
    }
    std::set<std::size_t> sizes;
    for (const SealedProperty& property : file.properties) {
      if (property.group == password.group && sizes.size() < kMostNamed &&
          supports(groups_.of(password), property) &&
          sizes.insert(property.cipher().size()).second) {
        file.opened_by.push_back(property.where);
      }
    }
  }

  static bool supports(const KeyGroup& group, const SealedProperty& property) {
    return std::ranges::any_of(group.recovered.borne_out, [&](std::size_t number) {
      return number < group.witnesses.size() &&
             group.witnesses[number]->content == property.content &&
             std::ranges::equal(group.witnesses[number]->cipher(), property.cipher());
    });
  }

  void name_contradicted(const KeyGroup& group) const {
    std::vector<std::size_t> numbers = group.recovered.contradicted;
    numbers.erase(std::unique(numbers.begin(), numbers.end()), numbers.end());
    for (const std::size_t number : numbers) {
      if (number < group.witnesses.size()) {
        remark(group.witnesses[number]->where,
               say("not the access list of a clean server; the keystream does not rest on it"),
               sink_);
      }
    }
  }

  std::span<SealedFile> files_;
  const KeyGroups& groups_;
  EvidenceSink& sink_;
};

}  // namespace

void open_secure_properties(std::span<SealedFile> files, const KeyRing& keys,
                            const ReadOptions& options, EvidenceSink& sink) {
  for (SealedFile& file : files) {
    std::ranges::for_each(file.properties, read_cleartext);
  }
  KeyGroups groups(files, keys);
  match_secrets(files, keys, groups);
  groups.open();
  prove_by_signatures(files, keys, options, groups, sink);
  Conclusion(files, groups, sink).run();
}

}  // namespace iwamtrace
