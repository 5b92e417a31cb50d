#include "parsers/metabase/metabase_parser.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "parsers/crypto.h"
#include "parsers/metabase/adsutil_output.h"
#include "parsers/metabase/metabase_file.h"
#include "parsers/metabase/metabase_reading.h"
#include "parsers/metabase/secure_properties.h"
#include "parsers/rsa_key.h"

namespace iwamtrace {
namespace {

// The beginning of a file as text, whichever of the two encodings it has.
std::string beginning(Bytes bytes) {
  std::string text{reinterpret_cast<const char*>(bytes.data()), bytes.size()};
  return text.starts_with("\xFF\xFE") ? utf8_of(bytes) : text;
}

bool contains(std::string_view text, std::string_view part) {
  return find_ignoring_case(text, part) != std::string_view::npos;
}

PasswordForm form_of(const SecureValue& value) {
  switch (value.form) {
    case SecureValue::Form::kEncrypted:
      return PasswordForm::kEncrypted;
    case SecureValue::Form::kText:
    case SecureValue::Form::kCleartext:
      return PasswordForm::kCleartext;
    case SecureValue::Form::kMasked:
      return PasswordForm::kMasked;
    default:
      return PasswordForm::kUnreadable;
  }
}

// What may leave the worker of a property.
SecureProperty report_of(const SealedProperty& sealed, bool reveal) {
  SecureProperty property;
  property.where = sealed.where;
  property.location = Untrusted{sealed.location};
  property.name = Untrusted{sealed.name};
  property.form = form_of(sealed.value);
  property.method = sealed.method;
  const std::size_t size = sealed.value.data.size();
  property.size = static_cast<std::uint32_t>(sealed.encrypted() ? size - kZeroPrefix : size);
  if (sealed.content == SecureContent::kPassword) {
    property.characters = characters_of(sealed.value);
  }
  if (property.form == PasswordForm::kEncrypted) {
    constexpr std::size_t kDigits = 16;
    property.cipher_digest = hex(sha256({sealed.cipher()})).substr(0, kDigits);
  }
  property.signature = sealed.signature;
  if (sealed.password) {
    property.fingerprint = fingerprint_of(nt_hash(sealed.password->view()));
    if (reveal) {
      property.revealed = Untrusted{utf8_of(sealed.password->view())};
    }
  }
  property.unknown_because = sealed.unknown_because;
  return property;
}

void describe_password(const SecureProperty& property, SealedFile& sealed,
                       MetabaseSnapshot& snapshot) {
  snapshot.password_where = property.where;
  snapshot.password_form = property.form;
  if (property.form == PasswordForm::kEncrypted) {
    snapshot.password_cipher = hex(sealed.properties[*sealed.wam_password].cipher());
  }
  snapshot.password_length = property.characters;
  snapshot.password_method = property.method;
  snapshot.password_signature = property.signature;
  snapshot.fingerprint = property.fingerprint;
  snapshot.revealed_password = property.revealed;
  snapshot.password_unknown_because = property.unknown_because;
  snapshot.password_matches = std::move(sealed.password_matches);
  snapshot.opened_by = std::move(sealed.opened_by);
}

// With each RSA key that the key files of the case gave; whether the result fits what it is to
// decrypt is seen later.
void open_session_keys(const std::vector<SealedFile>& files, KeyRing& keys) {
  for (const SealedFile& file : files) {
    if (!file.session_key) {
      continue;
    }
    const Bytes wrapped = file.session_key->data.view();
    const bool opened = std::ranges::any_of(keys.session_keys, [&](const SessionKey& key) {
      return std::ranges::equal(Bytes(key.wrapped), wrapped);
    });
    for (std::size_t i = 0; !opened && i < keys.rsa_keys.size(); ++i) {
      if (const auto key = open_session_key(wrapped, keys.rsa_keys[i])) {
        keys.session_keys.push_back(
            SessionKey{{wrapped.begin(), wrapped.end()}, *key, keys.rsa_keys[i].where});
      }
    }
  }
}

// Opens what the files of one format keep under their keys, and tells the sink what they say.
void tell(std::vector<ReadMetabase> files, const ReadOptions& options, KeyRing& keys,
          EvidenceSink& sink) {
  std::vector<SealedFile> sealed;
  sealed.reserve(files.size());
  for (ReadMetabase& file : files) {
    sealed.push_back(std::move(file.sealed));
  }
  if (!sealed.empty()) {
    sink.enter(sealed.front().source, "opening the secure properties");
    open_session_keys(sealed, keys);
    open_secure_properties(sealed, keys, options, sink);
  }
  for (std::size_t i = 0; i < sealed.size(); ++i) {
    MetabaseSnapshot& snapshot = files[i].snapshot;
    for (std::size_t j = 0; j < sealed[i].properties.size(); ++j) {
      SecureProperty property = report_of(sealed[i].properties[j], options.reveal_secrets);
      if (sealed[i].wam_password == j) {
        describe_password(property, sealed[i], snapshot);
      }
      sink.take(std::move(property));
    }
    sink.take(std::move(snapshot));
  }
}

void tell_unreadable(const OpenSource& source, SourceKind kind, const ParseError& error,
                     EvidenceSink& sink) {
  sink.take(Damage{source.id, error.offset(), source.bytes.size(), say(error.what())});
  SourceSummary summary;
  summary.source = source.id;
  summary.kind = kind;
  summary.coverage.damaged = source.bytes.size();
  sink.take(std::move(summary));
}

// The numbers in MetaBase_0000000041_0000000001.xml. The second one counts how often the version
// was edited by hand while IIS ran; the file itself has the first alone.
struct HistoryNumbers {
  std::uint32_t major = 0, minor = 0;
};
std::optional<HistoryNumbers> numbers_in_name(UntrustedView path) {
  constexpr std::string_view kStart = "MetaBase_";
  while (const auto parts = path.split('/')) {
    path = parts->second;
  }
  const auto numbers =
      path.starts_with(kStart) ? path.without_prefix(kStart.size()).split('_') : std::nullopt;
  const auto end = numbers ? numbers->second.split('.') : std::nullopt;
  if (!end) {
    return std::nullopt;
  }
  constexpr std::uint64_t kNone = UINT64_MAX;
  const std::uint64_t major = numbers->first.number().value_or(kNone);
  const std::uint64_t minor = end->first.number().value_or(kNone);
  if (major > UINT32_MAX || minor > UINT32_MAX) {
    return std::nullopt;
  }
  return HistoryNumbers{static_cast<std::uint32_t>(major), static_cast<std::uint32_t>(minor)};
}

ReadMetabase read_xml(const OpenSource& source, const ReadOptions& options, EvidenceSink& sink) {
  const MetabaseFile file(source.bytes);
  ReadMetabase read = read_metabase_keys(source, file.keys(), options, sink);
  if (const auto numbers = numbers_in_name(source.name)) {
    read.snapshot.minor = numbers->minor;
    if (!read.snapshot.major) {
      read.snapshot.major = numbers->major;
    }
  }
  SourceSummary summary;
  summary.source = source.id;
  summary.kind = SourceKind::kMetabaseXml;
  summary.records = file.keys().size();
  summary.coverage.read = source.bytes.size();
  if (const auto& broken = file.broken()) {
    const std::uint64_t at = std::min<std::uint64_t>(broken->offset(), source.bytes.size());
    summary.coverage.read = at;
    summary.coverage.damaged = source.bytes.size() - at;
    sink.take(Damage{source.id, at, summary.coverage.damaged,
                     say("not well-formed from here: ", broken->what())});
  }
  sink.take(std::move(summary));
  return read;
}

ReadMetabase read_text(const OpenSource& source, const ReadOptions& options, EvidenceSink& sink) {
  const AdsutilOutput file(source.bytes);
  ReadMetabase read = read_metabase_keys(source, file.keys(), options, sink);
  SourceSummary summary;
  summary.source = source.id;
  summary.kind = SourceKind::kMetabaseText;
  summary.records = static_cast<std::uint64_t>(std::ranges::count_if(
      file.keys(), [](const MetabaseKey& key) { return !key.properties.empty(); }));
  summary.coverage.read = file.read();
  for (const AdsutilOutput::Remark& remark : file.remarks()) {
    sink.take(Damage{source.id, remark.offset, remark.length, say(std::string_view{remark.what}),
                     remark.lost});
    summary.coverage.damaged += remark.lost ? remark.length : 0;
  }
  summary.coverage.read -= std::min(summary.coverage.read, summary.coverage.damaged);
  summary.coverage.slack = source.bytes.size() - summary.coverage.read - summary.coverage.damaged;
  sink.take(std::move(summary));
  return read;
}

}  // namespace

bool recognises_metabase(Bytes first_bytes) {
  const std::string text = beginning(first_bytes);
  return contains(text, "<configuration") && contains(text, "MBProperty");
}

bool recognises_metabase_schema(Bytes first_bytes) {
  const std::string text = beginning(first_bytes);
  return contains(text, "microsoft-catalog:MetaData") && contains(text, "METABASE");
}

bool recognises_adsutil_output(Bytes first_bytes) {
  const TextLines text(first_bytes);
  return std::ranges::any_of(text.lines(), [](const TextLines::Line& line) {
    return read_adsutil_line(line.text).kind == AdsutilLine::Kind::kProperty;
  });
}

void read_metabases(std::span<const OpenSource> sources, const ReadOptions& options, KeyRing& keys,
                    EvidenceSink& sink) {
  std::vector<ReadMetabase> files;
  for (const OpenSource& source : sources) {
    sink.enter(source.id, "reading the metabase");
    try {
      files.push_back(read_xml(source, options, sink));
    } catch (const ParseError& error) {
      tell_unreadable(source, SourceKind::kMetabaseXml, error, sink);
    }
  }
  tell(std::move(files), options, keys, sink);
}

void read_adsutil_outputs(std::span<const OpenSource> sources, const ReadOptions& options,
                          KeyRing& keys, EvidenceSink& sink) {
  std::vector<ReadMetabase> files;
  for (const OpenSource& source : sources) {
    sink.enter(source.id, "reading what adsutil.vbs printed");
    try {
      files.push_back(read_text(source, options, sink));
    } catch (const ParseError& error) {
      tell_unreadable(source, SourceKind::kMetabaseText, error, sink);
    }
  }
  tell(std::move(files), options, keys, sink);
}

}  // namespace iwamtrace
