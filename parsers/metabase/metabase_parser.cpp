#include "parsers/metabase/metabase_parser.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "parsers/crypto.h"
#include "parsers/metabase/metabase_file.h"
#include "parsers/metabase/secure_properties.h"
#include "parsers/rsa_key.h"

namespace iwamtrace {
namespace {

// Ids of MBSchema.xml; a <Custom> element may have the id alone.
constexpr std::uint32_t kWamUserNameId = 7501;
constexpr std::uint32_t kAppIsolatedId = 2104;
constexpr std::uint32_t kIsolationModeId = 9203;
constexpr std::uint32_t kHistoryMajorId = 9994;
constexpr std::uint32_t kSessionKeyId = 9999;

constexpr std::string_view kWebService = "/LM/W3SVC";
constexpr std::string_view kWamPassword = "WAMUserPass";

// The beginning of a file as text, whichever of the two encodings it has.
std::string beginning(Bytes bytes) {
  std::string text{reinterpret_cast<const char*>(bytes.data()), bytes.size()};
  return text.starts_with("\xFF\xFE") ? utf8_of(bytes) : text;
}

bool contains(std::string_view text, std::string_view part) {
  return find_ignoring_case(text, part) != std::string_view::npos;
}

std::optional<std::uint32_t> number_of(const MetabaseProperty* property) {
  if (property == nullptr) {
    return std::nullopt;
  }
  const auto number = UntrustedView{property->value}.number();
  return number && *number <= UINT32_MAX ? std::optional{static_cast<std::uint32_t>(*number)}
                                         : std::nullopt;
}

// More than any metabase has: a hoster with ten thousand sites has a few for each.
constexpr std::size_t kMostSecureProperties = 100'000;

// A Custom element may have the id without the name.
struct NamedProperty {
  std::string_view name;
  SecureContent content{};
};

NamedProperty named(const MetabaseProperty& property) {
  if (const SecurePropertyName* known = secure_property_named(property.name, property.id)) {
    return {known->name, known->content};
  }
  const bool text = equal_ignoring_case(property.type, "STRING");
  return {property.name, text ? SecureContent::kPassword : SecureContent::kOther};
}

bool is_secure(const MetabaseProperty& property) {
  return secure_property_named(property.name, property.id) != nullptr ||
         starts_with_blob(property.value);
}

// One file: what it says, and what it keeps under its session key.
struct ReadMetabase {
  MetabaseSnapshot snapshot;
  SealedFile sealed;
};

class MetabaseReading {
 public:
  MetabaseReading(const OpenSource& source, EvidenceSink& sink)
      : source_(source), sink_(sink), file_(source.bytes) {}

  ReadMetabase run() {
    snapshot_.where = {source_.id, 0, std::nullopt, {}};
    sealed_.source = source_.id;
    for (const MetabaseKey& key : file_.keys()) {
      read_key(key);
    }
    SourceSummary summary;
    summary.source = source_.id;
    summary.kind = SourceKind::kMetabaseXml;
    summary.records = file_.keys().size();
    summary.coverage.read = source_.bytes.size();
    if (const auto& broken = file_.broken()) {
      const std::uint64_t at = std::min<std::uint64_t>(broken->offset(), source_.bytes.size());
      summary.coverage.read = at;
      summary.coverage.damaged = source_.bytes.size() - at;
      sink_.take(Damage{source_.id, at, summary.coverage.damaged,
                        say("not well-formed from here: ", broken->what())});
    }
    sink_.take(std::move(summary));
    return {std::move(snapshot_), std::move(sealed_)};
  }

 private:
  void read_key(const MetabaseKey& key) {
    if (const auto* major = key.property("HistoryMajorVersionNumber", kHistoryMajorId)) {
      snapshot_.major = number_of(major);
      snapshot_.where = at(key, *major);
    }
    if (const auto* session = key.property("SessionKey", kSessionKeyId)) {
      read_session_key(key, *session);
    }
    if (const auto* isolated = key.property("AppIsolated", kAppIsolatedId)) {
      snapshot_.applications.push_back(
          MetabaseApplication{at(key, *isolated), number_of(isolated)});
    }
    for (const MetabaseProperty& property : key.properties) {
      if (is_secure(property)) {
        read_secure(key, property);
      }
    }
    if (equal_ignoring_case(key.location, kWebService)) {
      read_web_service(key);
    }
  }

  void read_session_key(const MetabaseKey& key, const MetabaseProperty& property) {
    constexpr std::size_t kDigits = 16;
    snapshot_.session_key_digest = hex(sha256({as_bytes(property.value)})).substr(0, kDigits);
    SecureValue value = read_secure_value(property.value);
    if (value.form == SecureValue::Form::kSessionKey) {
      sealed_.session_key = std::move(value);
      sealed_.session_key_where = at(key, property);
    }
  }

  void read_web_service(const MetabaseKey& key) {
    if (const auto* name = key.property("WAMUserName", kWamUserNameId)) {
      snapshot_.wam_user_name = Untrusted{std::string(name->value)};
      snapshot_.wam_user_name_where = at(key, *name);
    }
    if (const auto* mode = key.property("IIs5IsolationModeEnabled", kIsolationModeId)) {
      const UntrustedView value{mode->value};
      snapshot_.iis5_isolation_mode = !(value.is("FALSE") || value.is("0"));
      snapshot_.isolation_mode_where = at(key, *mode);
    }
  }

  void read_secure(const MetabaseKey& key, const MetabaseProperty& property) {
    if (key.property("SessionKey", kSessionKeyId) == &property) {
      return;
    }
    if (sealed_.properties.size() == kMostSecureProperties) {
      if (!std::exchange(overfull_, true)) {
        sink_.take(Damage{
            source_.id, property.offset, 0,
            say("more than ", kMostSecureProperties, " secure properties; the rest is not read")});
      }
      return;
    }
    const auto [name, content] = named(property);
    SealedProperty sealed;
    sealed.where = at(key, property);
    sealed.location = key.location;
    sealed.name = name;
    sealed.content = content;
    sealed.value = read_secure_value(property.value);
    if (sealed.value.form == SecureValue::Form::kDamaged) {
      sink_.take(Damage{
          source_.id, property.offset, property.value.size(),
          say(sealed.where.path, ": a damaged blob: ", std::string_view{sealed.value.because})});
    }
    if (equal_ignoring_case(key.location, kWebService) && sealed.name == kWamPassword) {
      sealed_.wam_password = sealed_.properties.size();
    }
    sealed_.properties.push_back(std::move(sealed));
  }

  [[nodiscard]] Citation at(const MetabaseKey& key, const MetabaseProperty& property) const {
    Citation where{source_.id, property.offset, std::nullopt, {}};
    where.path.append(UntrustedView{key.location});
    where.path.append(key.location.ends_with('/') ? "" : "/");
    where.path.append(UntrustedView{property.name});
    return where;
  }

  const OpenSource& source_;
  EvidenceSink& sink_;
  MetabaseFile file_;
  MetabaseSnapshot snapshot_;
  SealedFile sealed_;
  bool overfull_ = false;
};

PasswordForm form_of(const SecureValue& value) {
  switch (value.form) {
    case SecureValue::Form::kEncrypted:
      return PasswordForm::kEncrypted;
    case SecureValue::Form::kText:
    case SecureValue::Form::kCleartext:
      return PasswordForm::kCleartext;
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
  snapshot.keystream_where = std::move(sealed.keystream_where);
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

}  // namespace

bool recognises_metabase(Bytes first_bytes) {
  const std::string text = beginning(first_bytes);
  return contains(text, "<configuration") && contains(text, "MBProperty");
}

bool recognises_metabase_schema(Bytes first_bytes) {
  const std::string text = beginning(first_bytes);
  return contains(text, "microsoft-catalog:MetaData") && contains(text, "METABASE");
}

void read_metabases(std::span<const OpenSource> sources, const ReadOptions& options, KeyRing& keys,
                    EvidenceSink& sink) {
  std::vector<MetabaseSnapshot> snapshots;
  std::vector<SealedFile> sealed;
  for (const OpenSource& source : sources) {
    sink.enter(source.id, "reading the metabase");
    try {
      ReadMetabase read = MetabaseReading(source, sink).run();
      snapshots.push_back(std::move(read.snapshot));
      sealed.push_back(std::move(read.sealed));
    } catch (const ParseError& error) {
      sink.take(Damage{source.id, error.offset(), source.bytes.size(), say(error.what())});
      SourceSummary summary;
      summary.source = source.id;
      summary.kind = SourceKind::kMetabaseXml;
      summary.coverage.damaged = source.bytes.size();
      sink.take(std::move(summary));
    }
  }
  if (!sealed.empty()) {
    sink.enter(sealed.front().source, "opening the secure properties");
    open_session_keys(sealed, keys);
    open_secure_properties(sealed, keys, options, sink);
  }
  for (std::size_t i = 0; i < sealed.size(); ++i) {
    for (std::size_t j = 0; j < sealed[i].properties.size(); ++j) {
      SecureProperty property = report_of(sealed[i].properties[j], options.reveal_secrets);
      if (sealed[i].wam_password == j) {
        describe_password(property, sealed[i], snapshots[i]);
      }
      sink.take(std::move(property));
    }
    sink.take(std::move(snapshots[i]));
  }
}

}  // namespace iwamtrace
