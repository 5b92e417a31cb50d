#include "parsers/metabase/signature_proof.h"

#include <algorithm>
#include <map>
#include <set>

#include "parsers/metabase/secret_matches.h"
#include "parsers/metabase/signature.h"

namespace iwamtrace {
namespace {

using State = Keystream::State;

// So many bytes that the stream does not tell are found by trying: 65,536 digests.
constexpr std::size_t kMostTried = 2;
constexpr std::size_t kMostTrials = 64;  // of properties

// So many of a file's properties decide whose key signed it, and so many can be messages of a
// search, each of which costs seconds.
constexpr std::size_t kMostAsked = 64;

// The places of a property's data that are not known for certain.
std::vector<std::size_t> open_places(const Keystream& stream, std::size_t size) {
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < size; ++i) {
    if (stream.state(i) != State::kKnown) {
      places.push_back(i);
    }
  }
  return places;
}

class SignatureProof {
 public:
  SignatureProof(std::span<SealedFile> files, const KeyRing& ring, const ReadOptions& options,
                 KeyGroups& groups, EvidenceSink& sink)
      : files_(files),
        ring_(ring),
        options_(options),
        groups_(groups),
        sink_(sink),
        budget_(options.proof_budget) {
    for (const SigningModulus& known : ring.signing_moduli) {
      if (auto key = SignatureKey::of_modulus(known.modulus)) {
        keys_.push_back(std::move(*key));
      }
    }
  }

  void run() {
    for (SealedFile& file : files_) {
      if (key_of(file) == nullptr && wants_key(file)) {
        search_key(file);
      }
    }
    for (SealedFile& file : files_) {
      if (const SignatureKey* key = key_of(file)) {
        read_digests(file, *key);
      }
    }
    if (digests_.empty()) {
      return;
    }
    prove_values();
    groups_.open();
    for (SealedFile& file : files_) {
      check(file);
    }
  }

 private:
  // The key that signed most of a file; nullptr while none is known.
  [[nodiscard]] const SignatureKey* key_of(const SealedFile& file) const {
    const SignatureKey* best = nullptr;
    std::size_t most = 0;
    for (const SignatureKey& key : keys_) {
      std::size_t signed_by_it = file.session_key && key.signed_digest(file.session_key->signature);
      const std::size_t asked = std::min(file.properties.size(), kMostAsked);
      for (const SealedProperty& property : std::span{file.properties}.first(asked)) {
        signed_by_it += key.signed_digest(property.value.signature).has_value();
      }
      if (signed_by_it > most) {
        best = &key;
        most = signed_by_it;
      }
    }
    return best;
  }

  // Whether the MD5 of WAMUserPass would tell more than is known.
  [[nodiscard]] bool wants_key(const SealedFile& file) const {
    if (options_.prove == ReadOptions::Prove::kAlways) {
      return std::ranges::any_of(file.properties, &SealedProperty::encrypted);
    }
    if (!file.wam_password) {
      return false;
    }
    const SealedProperty& password = file.properties[*file.wam_password];
    if (!password.encrypted() || password.password || password.value.signature.empty()) {
      return false;
    }
    const Keystream& stream = groups_.of(password).stream();
    return stream.state(0, password.cipher().size()) != State::kUnknown ||
           open_places(stream, password.cipher().size()).size() <= kMostTried ||
           std::ranges::find(file.password_matches, Equality::kUnknown, &SecretMatch::result) !=
               file.password_matches.end();
  }

  // What a file's signatures are of, the surest first; of each signature once.
  [[nodiscard]] std::vector<SignedMessage> messages_of(const SealedFile& file) const {
    std::vector<SignedMessage> messages;
    std::set<std::string> seen;
    const auto add = [&](Bytes message, const std::vector<std::byte>& signature) {
      if (messages.size() < kMostAsked && !signature.empty() &&
          seen.insert(hex(signature)).second) {
        messages.push_back(SignedMessage{SecretBytes(message), signature});
      }
    };
    if (file.session_key) {
      add(file.session_key->data.view(), file.session_key->signature);
    }
    for (const State least : {State::kKnown, State::kAssumed}) {
      for (const SealedProperty& property : file.properties) {
        if (messages.size() < kMostAsked && property.encrypted() &&
            groups_.of(property).stream().state(0, property.cipher().size()) >= least) {
          add(groups_.of(property).stream().decrypt(property.cipher()).view(),
              property.value.signature);
        }
      }
    }
    return messages;
  }

  void search_key(SealedFile& file) {
    if (options_.proof_budget.count() == 0) {
      return;
    }
    const std::vector<SignedMessage> messages = messages_of(file);
    std::vector<Bytes> others;
    for (const SealedProperty& property : file.properties) {
      const bool used = std::ranges::any_of(messages, [&](const SignedMessage& message) {
        return std::ranges::equal(message.signature, Bytes(property.value.signature));
      });
      if (!used && others.size() < kMostAsked && !property.value.signature.empty()) {
        others.emplace_back(property.value.signature);
      }
    }
    KeySearch search = find_signature_key(
        messages, others, budget_, [&](std::string_view step) { sink_.enter(file.source, step); });
    if (search.key) {
      keys_.push_back(std::move(*search.key));
      return;
    }
    if (file.wam_password) {
      Untrusted& because = file.properties[*file.wam_password].unknown_because;
      switch (search.result) {
        case KeySearch::Result::kBudgetOver:
          because = say("the signature key was not computed within the ",
                        options_.proof_budget.count(), " s allowed");
          break;
        case KeySearch::Result::kTooFewMessages:
          because = say("the signature key is not known: it takes two signatures whose message is");
          break;
        default:
          because = say("the signature key is not known: no two signatures have one in common");
      }
    }
  }

  void read_digests(SealedFile& file, const SignatureKey& key) {
    for (SealedProperty& property : file.properties) {
      if (property.value.signature.empty()) {
        continue;
      }
      if (auto digest = key.signed_digest(property.value.signature)) {
        digests_.emplace(&property, *digest);
      } else {
        property.signature = SignatureCheck::kForeign;
      }
    }
  }

  [[nodiscard]] const Key16* digest_of(const SealedProperty& property) const {
    const auto found = digests_.find(&property);
    return found == digests_.end() ? nullptr : &found->second;
  }

  [[nodiscard]] bool signed_as(const SealedProperty& property, Bytes data) const {
    const Key16* digest = digest_of(property);
    return digest != nullptr && std::ranges::equal(md5({data}).bytes, digest->bytes);
  }

  // Data that were only assumed, or lack a byte or two, and are what was signed.
  void prove_values() {
    std::size_t trials = 0;
    for (SealedFile& file : files_) {
      for (SealedProperty& property : file.properties) {
        if (!property.encrypted() || digest_of(property) == nullptr) {
          continue;
        }
        const Keystream& stream = groups_.of(property).stream();
        const std::size_t size = property.cipher().size();
        const std::vector<std::size_t> places = open_places(stream, size);
        SecretBytes data = stream.decrypt(property.cipher());
        const bool found =
            !places.empty() && (signed_as(property, data.view()) ||
                                (places.size() <= kMostTried && ++trials <= kMostTrials &&
                                 try_bytes(property, places, data)));
        if (found) {
          groups_.prove(property, data.view());
        }
      }
    }
  }

  bool try_bytes(const SealedProperty& property, std::span<const std::size_t> places,
                 SecretBytes& data) const {
    if (places.empty()) {
      return signed_as(property, data.view());
    }
    for (unsigned value = 0; value <= 0xFF; ++value) {
      data.writable()[places.front()] = static_cast<std::byte>(value);
      if (try_bytes(property, places.subspan(1), data)) {
        return true;
      }
    }
    return false;
  }

  void check(SealedFile& file) {
    for (SealedProperty& property : file.properties) {
      if (property.signature == SignatureCheck::kForeign && property.encrypted()) {
        take_back(property);
      } else if (digest_of(property) != nullptr) {
        check(property);
      }
    }
    if (!file.wam_password) {
      return;
    }
    const SealedProperty& password = file.properties[*file.wam_password];
    const Key16* digest = digest_of(password);
    if (digest != nullptr && password.signature != SignatureCheck::kOfOtherValue) {
      match_secrets_by_digest(file, ring_, *digest);
    }
    if (password.signature >= SignatureCheck::kOfOtherValue) {
      for (SecretMatch& match : file.password_matches) {  // of bytes that are not the password's
        match.result = Equality::kUnknown;
        match.by = SecretMatch::By::kNothing;
      }
    }
  }

  void check(SealedProperty& property) {
    if (!property.encrypted()) {
      return;
    }
    const Keystream& stream = groups_.of(property).stream();
    if (stream.state(0, property.cipher().size()) != State::kKnown) {
      property.method = SecretMethod::kSignature;
    } else if (signed_as(property, stream.decrypt(property.cipher()).view())) {
      property.signature = SignatureCheck::kHolds;
    } else {
      property.signature = SignatureCheck::kOfOtherValue;
      take_back(property);
    }
  }

  static void take_back(SealedProperty& property) {
    property.password.reset();
    property.method = SecretMethod::kCiphertextOnly;
  }

  std::span<SealedFile> files_;
  const KeyRing& ring_;
  const ReadOptions& options_;
  KeyGroups& groups_;
  EvidenceSink& sink_;
  ProofBudget budget_;
  std::vector<SignatureKey> keys_;
  std::map<const SealedProperty*, Key16> digests_;
};

}  // namespace

void prove_by_signatures(std::span<SealedFile> files, const KeyRing& keys,
                         const ReadOptions& options, KeyGroups& groups, EvidenceSink& sink) {
  SignatureProof(files, keys, options, groups, sink).run();
}

}  // namespace iwamtrace
