#include "parsers/dpapi/dpapi_parser.h"

#include <algorithm>
#include <tuple>
#include <vector>

#include "parsers/dpapi/dpapi_blob.h"
#include "parsers/dpapi/dpapi_layout.h"
#include "parsers/dpapi/master_key_file.h"
#include "parsers/dpapi/rsa_container_file.h"
#include "parsers/key_ring.h"
#include "parsers/rsa_key.h"

namespace iwamtrace {
namespace {

namespace layout = dpapi_layout;

// Of a key file that is understood up to `read`; behind it stands what is not needed or, in a cut
// file, not readable.
SourceSummary summary_of(const OpenSource& source, SourceKind kind, std::size_t keys,
                         std::size_t read, bool cut) {
  SourceSummary summary;
  summary.source = source.id;
  summary.kind = kind;
  summary.records = keys;
  summary.coverage.read = read;
  (cut ? summary.coverage.damaged : summary.coverage.slack) = source.bytes.size() - read;
  return summary;
}

// Half of a DPAPI_SYSTEM secret: the machine's opens what lies in Protect\S-1-5-18, the user's what
// lies in its folder User. Copied files have lost their folder, so both are tried.
struct Half {
  Bytes key;
  std::string_view name;
  const OpenedSecret* secret = nullptr;
};

std::vector<Half> halves_of(const KeyRing& keys) {
  std::vector<Half> halves;
  for (const auto& [name, at] :
       {std::pair{"machine", std::size_t{4}}, std::pair{"user", 4 + layout::kHalfSize}}) {
    for (const OpenedSecret& secret : keys.secrets) {
      const Bytes value = secret.value.view();
      if (!secret.name.is("DPAPI_SYSTEM") || value.size() != layout::kSystemSecretSize ||
          u32_at(value, 0, "version") != layout::kSystemSecretVersion) {
        continue;
      }
      const Bytes key = value.subspan(at, layout::kHalfSize);
      if (std::ranges::none_of(
              halves, [&](const Half& half) { return std::ranges::equal(half.key, key); })) {
        halves.push_back(Half{key, name, &secret});
      }
    }
  }
  return halves;
}

class MasterKeyBatch {
 public:
  MasterKeyBatch(KeyRing& keys, EvidenceSink& sink)
      : keys_(keys), sink_(sink), halves_(halves_of(keys)) {}

  void read(const OpenSource& source) {
    sink_.enter(source.id, "reading the master key file");
    try {
      const MasterKeyFile file = read_master_key_file(source.bytes);
      files_.push_back(Open{&source, file});
      sink_.take(summary_of(source, SourceKind::kDpapiMasterKey, 1, file.key_end, false));
    } catch (const ParseError& error) {
      sink_.take(Damage{source.id, error.offset(), 0, say(error.what())});
      sink_.take(summary_of(source, SourceKind::kDpapiMasterKey, 0,
                            std::min(layout::kFileHeaderSize, source.bytes.size()), true));
    }
  }

  // The cheapest first, so that a file made to be expensive delays nothing but itself.
  void unlock() {
    std::ranges::stable_sort(files_, {}, [](const Open& open) { return open.file.cost(); });
    for (const Open& open : files_) {
      sink_.enter(open.source->id, "opening the master key");
      unlock(open);
    }
    std::ranges::stable_sort(keys_.master_keys, {}, [](const MasterKey& master) {
      return std::tuple{std::string_view{master.guid}, master.key.empty()};
    });
  }

 private:
  struct Open {
    const OpenSource* source = nullptr;
    MasterKeyFile file;
  };

  // Some two seconds of the ten that a worker has at least: dozens of true master keys.
  static constexpr std::uint64_t kMostCost = 8'000'000;

  void unlock(const Open& open) {
    StoredKey stored;
    stored.kind = StoredKey::Kind::kMasterKey;
    stored.name = say(std::string_view{open.file.guid});
    stored.where = {open.source->id, open.file.key_offset, std::nullopt, {}};
    MasterKey master{open.file.guid, {}, stored.where};
    spent_ += open.file.cost() * halves_.size();
    if (halves_.empty()) {
      stored.result = StoredKey::Result::kNoKey;
      stored.because = say("no DPAPI_SYSTEM secret could be read in this case");
    } else if (spent_ > kMostCost) {
      stored.result = StoredKey::Result::kDamaged;
      stored.because = say("not tried: ", open.file.rounds,
                           " rounds of key derivation, and all that this reader spends are spent");
      sink_.take(Damage{open.source->id, stored.where.offset,
                        open.file.key_end - open.file.key_offset, stored.because});
    } else {
      try_halves(open.file, stored, master);
    }
    keys_.master_keys.push_back(std::move(master));
    sink_.take(std::move(stored));
  }

  void try_halves(const MasterKeyFile& file, StoredKey& stored, MasterKey& master) const {
    for (const Half& half : halves_) {
      if (auto key = open_master_key(file, half.key)) {
        master.key = std::move(*key);
        stored.result = StoredKey::Result::kOpened;
        stored.key_from = half.secret->where;
        stored.because = say("the ", half.name, " half of DPAPI_SYSTEM opens it");
        return;
      }
    }
    stored.result = StoredKey::Result::kForeign;
    stored.because =
        say("its check refuses both halves of DPAPI_SYSTEM: the key belongs to another machine or "
            "to a user, or its file was changed");
  }

  KeyRing& keys_;
  EvidenceSink& sink_;
  std::vector<Half> halves_;
  std::vector<Open> files_;
  std::uint64_t spent_ = 0;
};

class ContainerReading {
 public:
  ContainerReading(const OpenSource& source, KeyRing& keys, EvidenceSink& sink)
      : source_(source), keys_(keys), sink_(sink) {}

  void run() {
    file_ = read_rsa_container_file(source_.bytes);
    read_pair(StoredKey::Kind::kSignatureKey, file_.signature);
    read_pair(StoredKey::Kind::kExchangeKey, file_.exchange);
    if (file_.broken) {
      lose(file_.broken->offset(), source_.bytes.size() - file_.end, file_.broken->what());
    }
    sink_.take(summary_of(source_, SourceKind::kRsaContainer, pairs_, file_.end,
                          file_.broken.has_value()));
  }

 private:
  void read_pair(StoredKey::Kind kind, const ContainerKeyPair& pair) {
    if (pair.public_key.size == 0) {
      if (pair.private_key.size != 0) {
        lose(pair.private_key.offset, pair.private_key.size, "a private key without a public one");
      }
      return;
    }
    ++pairs_;
    try {
      Cursor cursor = pair.public_key.in(source_.bytes);
      const RsaPublicKey public_key = read_rsa_public_key(cursor);
      if (kind == StoredKey::Kind::kSignatureKey) {
        keys_.signing_moduli.push_back(SigningModulus{public_key.modulus, at(pair.public_key)});
      }
      if (pair.private_key.size != 0) {
        read_private_key(kind, pair, public_key);
      }
    } catch (const ParseError& error) {
      lose(error.offset(), 0, error.what());
    }
  }

  void read_private_key(StoredKey::Kind kind, const ContainerKeyPair& pair,
                        const RsaPublicKey& public_key) {
    StoredKey stored;
    stored.kind = kind;
    stored.name = Untrusted{file_.name};
    stored.where = at(pair.private_key);
    try {
      Cursor cursor = pair.private_key.in(source_.bytes);
      const DpapiBlob blob = read_dpapi_blob(cursor);
      if (const MasterKey* master = master_key_of(blob, stored)) {
        open(blob, *master, public_key, stored);
        check_export_flags(pair.export_flags, *master);
      }
    } catch (const ParseError& error) {
      stored.result = StoredKey::Result::kDamaged;
      stored.because = say(error.what());
      lose(error.offset(), 0, error.what());
    }
    sink_.take(std::move(stored));
  }

  const MasterKey* master_key_of(const DpapiBlob& blob, StoredKey& stored) const {
    const auto found =
        std::ranges::lower_bound(keys_.master_keys, blob.master_key, {}, &MasterKey::guid);
    const bool known = found != keys_.master_keys.end() && found->guid == blob.master_key;
    if (known && !found->key.empty()) {
      return &*found;
    }
    stored.result = StoredKey::Result::kNoKey;
    stored.because = say("master key ", std::string_view{blob.master_key},
                         known ? " stays locked" : " is not in the case");
    return nullptr;
  }

  void open(const DpapiBlob& blob, const MasterKey& master, const RsaPublicKey& public_key,
            StoredKey& stored) {
    const auto cleartext = open_dpapi_blob(blob, master.key.view());
    if (!cleartext) {
      throw ParseError(stored.where.offset, "the check of the private key fails under master key " +
                                                master.guid + ": its bytes were changed");
    }
    try {
      keys_.rsa_keys.push_back(read_rsa_private_key(cleartext->view(), public_key));
    } catch (const ParseError& error) {  // its offset is of the cleartext
      throw ParseError(stored.where.offset, error.what());
    }
    keys_.rsa_keys.back().where = stored.where;
    stored.result = StoredKey::Result::kOpened;
    stored.key_from = master.where;
    stored.because = say("master key ", std::string_view{master.guid}, " opens it");
  }

  // Nothing depends on them; but a change to them shall not go unseen.
  void check_export_flags(const ContainerPart& part, const MasterKey& master) {
    if (part.size != 0 && !opens_export_flags(part, master)) {
      sink_.take(Damage{source_.id, part.offset, part.size,
                        say("the key's export flags cannot be opened under its master key"),
                        false});
    }
  }

  [[nodiscard]] bool opens_export_flags(const ContainerPart& part, const MasterKey& master) const {
    using namespace std::string_view_literals;
    constexpr std::string_view kEntropy = "Hj1diQ6kpUx7VC4m\0"sv;
    try {
      Cursor cursor = part.in(source_.bytes);
      return open_dpapi_blob(read_dpapi_blob(cursor), master.key.view(), as_bytes(kEntropy))
          .has_value();
    } catch (const ParseError&) {
      return false;
    }
  }

  [[nodiscard]] Citation at(const ContainerPart& part) const {
    return {source_.id, part.offset, std::nullopt, {}};
  }
  void lose(std::uint64_t offset, std::uint64_t length, std::string_view what) {
    sink_.take(Damage{source_.id, offset, length, say(what)});
  }

  const OpenSource& source_;
  KeyRing& keys_;
  EvidenceSink& sink_;
  RsaContainerFile file_;
  std::size_t pairs_ = 0;
};

}  // namespace

bool recognises_master_key(Bytes first_bytes) { return looks_like_master_key_file(first_bytes); }

void read_master_keys(std::span<const OpenSource> sources, const ReadOptions& /*options*/,
                      KeyRing& keys, EvidenceSink& sink) {
  MasterKeyBatch batch(keys, sink);
  for (const OpenSource& source : sources) {
    batch.read(source);
  }
  batch.unlock();
}

bool recognises_rsa_container(Bytes first_bytes) { return looks_like_rsa_container(first_bytes); }

void read_rsa_containers(std::span<const OpenSource> sources, const ReadOptions& /*options*/,
                         KeyRing& keys, EvidenceSink& sink) {
  for (const OpenSource& source : sources) {
    sink.enter(source.id, "reading the RSA container");
    try {
      ContainerReading(source, keys, sink).run();
    } catch (const ParseError& error) {
      sink.take(Damage{source.id, error.offset(), 0, say(error.what())});
      sink.take(summary_of(source, SourceKind::kRsaContainer, 0, 0, true));
    }
  }
}

}  // namespace iwamtrace
