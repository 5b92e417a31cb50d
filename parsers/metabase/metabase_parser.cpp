#include "parsers/metabase/metabase_parser.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "parsers/crypto.h"
#include "parsers/metabase/metabase_file.h"
#include "parsers/metabase/secure_value.h"

namespace iwamtrace {
namespace {

// Ids of MBSchema.xml; a <Custom> element may have the id alone.
constexpr std::uint32_t kWamUserNameId = 7501;
constexpr std::uint32_t kWamUserPassId = 7502;
constexpr std::uint32_t kAppIsolatedId = 2104;
constexpr std::uint32_t kIsolationModeId = 9203;
constexpr std::uint32_t kHistoryMajorId = 9994;
constexpr std::uint32_t kSessionKeyId = 9999;

constexpr std::string_view kWebService = "/LM/W3SVC";

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

class MetabaseReading {
 public:
  MetabaseReading(const OpenSource& source, bool reveal, EvidenceSink& sink)
      : source_(source), reveal_(reveal), sink_(sink), file_(source.bytes) {}

  void run() {
    snapshot_.where = {source_.id, 0, std::nullopt, {}};
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
    sink_.take(std::move(snapshot_));
    sink_.take(std::move(summary));
  }

 private:
  void read_key(const MetabaseKey& key) {
    if (const auto* major = key.property("HistoryMajorVersionNumber", kHistoryMajorId)) {
      snapshot_.major = number_of(major);
      snapshot_.where = at(key, *major);
    }
    if (const auto* session = key.property("SessionKey", kSessionKeyId)) {
      constexpr std::size_t kDigits = 16;
      snapshot_.session_key_digest = hex(sha256({as_bytes(session->value)})).substr(0, kDigits);
    }
    if (const auto* isolated = key.property("AppIsolated", kAppIsolatedId)) {
      snapshot_.applications.push_back(
          MetabaseApplication{at(key, *isolated), number_of(isolated)});
    }
    if (!equal_ignoring_case(key.location, kWebService)) {
      return;
    }
    if (const auto* name = key.property("WAMUserName", kWamUserNameId)) {
      snapshot_.wam_user_name = Untrusted{std::string(name->value)};
      snapshot_.wam_user_name_where = at(key, *name);
    }
    if (const auto* password = key.property("WAMUserPass", kWamUserPassId)) {
      read_password(key, *password);
    }
    if (const auto* mode = key.property("IIs5IsolationModeEnabled", kIsolationModeId)) {
      const UntrustedView value{mode->value};
      snapshot_.iis5_isolation_mode = !(value.is("FALSE") || value.is("0"));
      snapshot_.isolation_mode_where = at(key, *mode);
    }
  }

  void read_password(const MetabaseKey& key, const MetabaseProperty& property) {
    const SecureValue value = read_secure_value(property.value);
    snapshot_.password_where = at(key, property);
    snapshot_.password_form = value.form;
    snapshot_.password_cipher = value.cipher;
    snapshot_.password_length = value.characters;
    if (value.utf16) {
      snapshot_.fingerprint = fingerprint_of(nt_hash(value.utf16->view()));
      if (reveal_) {
        snapshot_.revealed_password = Untrusted{utf8_of(value.utf16->view())};
      }
    }
    if (value.form == PasswordForm::kUnreadable) {
      sink_.take(Damage{source_.id, property.offset, property.value.size(),
                        say(snapshot_.password_where.path, ": a blob of no known form")});
    }
  }

  [[nodiscard]] Citation at(const MetabaseKey& key, const MetabaseProperty& property) const {
    Citation where{source_.id, property.offset, std::nullopt, {}};
    where.path.append(UntrustedView{key.location});
    where.path.append("/");
    where.path.append(UntrustedView{property.name});
    return where;
  }

  const OpenSource& source_;
  bool reveal_;
  EvidenceSink& sink_;
  MetabaseFile file_;
  MetabaseSnapshot snapshot_;
};

}  // namespace

bool recognises_metabase(Bytes first_bytes) {
  const std::string text = beginning(first_bytes);
  return contains(text, "<configuration") && contains(text, "MBProperty");
}

bool recognises_metabase_schema(Bytes first_bytes) {
  const std::string text = beginning(first_bytes);
  return contains(text, "microsoft-catalog:MetaData") && contains(text, "METABASE");
}

void read_metabases(std::span<const OpenSource> sources, const ReadOptions& options,
                    KeyRing& /*keys*/, EvidenceSink& sink) {
  for (const OpenSource& source : sources) {
    sink.enter(source.id, "reading the metabase");
    try {
      MetabaseReading(source, options.reveal_secrets, sink).run();
    } catch (const ParseError& error) {
      sink.take(Damage{source.id, error.offset(), source.bytes.size(), say(error.what())});
      SourceSummary summary;
      summary.source = source.id;
      summary.kind = SourceKind::kMetabaseXml;
      summary.coverage.damaged = source.bytes.size();
      sink.take(std::move(summary));
    }
  }
}

}  // namespace iwamtrace
