#include "parsers/metabase/metabase_reading.h"

#include <algorithm>
#include <array>
#include <utility>

#include "parsers/metabase/known_cleartext.h"

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

// More than any metabase has: a hoster with ten thousand sites has a few for each.
constexpr std::size_t kMostSecureProperties = 100'000;
constexpr std::size_t kMostWatched = 200'000;

// What is published, to whom, and which programs run for it: always told.
struct WatchedProperty {
  std::string_view name;
  std::uint32_t id = 0;
};
constexpr std::array kWatched{WatchedProperty{"Path", 3001}, WatchedProperty{"AccessFlags", 6016},
                              WatchedProperty{"ScriptMaps", 6014},
                              WatchedProperty{"FilterPath", 2041},
                              WatchedProperty{"AnonymousUserName", 6020}};

const WatchedProperty* watched(const MetabaseProperty& property) {
  const auto* const found = std::ranges::find_if(kWatched, [&](const WatchedProperty& one) {
    return equal_ignoring_case(one.name, property.name) ||
           (property.name.empty() && one.id == property.id);
  });
  return found == kWatched.end() ? nullptr : found;
}

std::optional<std::uint32_t> number_of(const MetabaseProperty* property) {
  if (property == nullptr) {
    return std::nullopt;
  }
  const auto number = UntrustedView{property->value}.number();
  return number && *number <= UINT32_MAX ? std::optional{static_cast<std::uint32_t>(*number)}
                                         : std::nullopt;
}

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

class MetabaseReading {
 public:
  MetabaseReading(const OpenSource& source, const ReadOptions& options, EvidenceSink& sink)
      : source_(source), options_(options), sink_(sink) {}

  ReadMetabase run(const std::vector<MetabaseKey>& keys) {
    snapshot_.where = {source_.id, 0, std::nullopt, {}};
    sealed_.source = source_.id;
    for (const MetabaseKey& key : keys) {
      read_key(key);
    }
    return {std::move(snapshot_), std::move(sealed_)};
  }

 private:
  void read_key(const MetabaseKey& key) {
    if (const auto* major = key.property("HistoryMajorVersionNumber", kHistoryMajorId)) {
      snapshot_.major = number_of(major);
      snapshot_.where = at(key, *major);
    }
    const MetabaseProperty* session = key.property("SessionKey", kSessionKeyId);
    if (session != nullptr) {
      read_session_key(key, *session);
    }
    if (const auto* isolated = key.property("AppIsolated", kAppIsolatedId)) {
      snapshot_.applications.push_back(
          MetabaseApplication{at(key, *isolated), number_of(isolated)});
    }
    const bool web_service = equal_ignoring_case(key.location, kWebService);
    for (const MetabaseProperty& property : key.properties) {
      if (&property == session) {
        continue;
      }
      if (is_secure(property)) {
        read_secure(key, property, web_service);
      } else if (options_.all_properties) {
        tell(key, property,
             property.name.empty() ? say("ID ", property.id) : Untrusted{property.name});
      } else if (const WatchedProperty* one = watched(property)) {
        tell_watched(key, property, *one);
      }
    }
    if (web_service) {
      read_web_service(key);
    }
  }

  void tell(const MetabaseKey& key, const MetabaseProperty& property, Untrusted name) {
    sink_.take(MetabaseValue{at(key, property), Untrusted{std::string(key.location)},
                             std::move(name), Untrusted{std::string(property.value)}});
  }

  void tell_watched(const MetabaseKey& key, const MetabaseProperty& property,
                    const WatchedProperty& one) {
    if (++watched_ <= kMostWatched) {
      tell(key, property, say(one.name));
    } else if (watched_ == kMostWatched + 1) {
      sink_.take(Damage{
          source_.id, property.offset, 0,
          say("more than ", kMostWatched, " paths, flags and maps; the rest is not looked at")});
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
    const auto* name = key.property("WAMUserName", kWamUserNameId);
    if (name != nullptr && name->doubt.empty()) {
      snapshot_.wam_user_name = Untrusted{std::string(name->value)};
      snapshot_.wam_user_name_where = at(key, *name);
    }
    if (const auto* mode = key.property("IIs5IsolationModeEnabled", kIsolationModeId)) {
      const UntrustedView value{mode->value};
      snapshot_.iis5_isolation_mode = !(value.is("FALSE") || value.is("0"));
      snapshot_.isolation_mode_where = at(key, *mode);
    }
  }

  void read_secure(const MetabaseKey& key, const MetabaseProperty& property, bool web_service) {
    const auto [name, content] = named(property);
    const bool wanted = web_service && name == kWamPassword;
    const bool first = wanted && !sealed_.wam_password;  // read however many there are
    if (sealed_.properties.size() >= kMostSecureProperties && !first) {
      if (!std::exchange(overfull_, true)) {
        sink_.take(Damage{
            source_.id, property.offset, 0,
            say("more than ", kMostSecureProperties, " secure properties; the rest is not read")});
      }
      return;
    }
    SealedProperty sealed;
    sealed.where = at(key, property);
    sealed.location = key.location;
    sealed.name = name;
    sealed.content = content;
    sealed.value = value_of(property);
    if (sealed.value.form == SecureValue::Form::kDamaged) {
      sink_.take(Damage{
          source_.id, property.offset, property.value.size(),
          say(sealed.where.path, ": a damaged ", property.doubt.empty() ? "blob: " : "value: ",
              std::string_view{sealed.value.because})});
    }
    if (wanted) {
      sealed_.wam_password = sealed_.properties.size();
    }
    sealed_.properties.push_back(std::move(sealed));
  }

  static SecureValue value_of(const MetabaseProperty& property) {
    SecureValue value;
    if (!property.doubt.empty()) {
      value.because = property.doubt;
    } else if (property.masked) {
      value.form = SecureValue::Form::kMasked;
    } else {
      value = read_secure_value(property.value);
    }
    return value;
  }

  [[nodiscard]] Citation at(const MetabaseKey& key, const MetabaseProperty& property) const {
    Citation where{source_.id, property.offset, std::nullopt, {}};
    where.path.append(UntrustedView{key.location});
    where.path.append(key.location.ends_with('/') ? "" : "/");
    where.path.append(UntrustedView{property.name});
    return where;
  }

  const OpenSource& source_;
  const ReadOptions& options_;
  EvidenceSink& sink_;
  MetabaseSnapshot snapshot_;
  SealedFile sealed_;
  std::size_t watched_ = 0;
  bool overfull_ = false;
};

}  // namespace

ReadMetabase read_metabase_keys(const OpenSource& source, const std::vector<MetabaseKey>& keys,
                                const ReadOptions& options, EvidenceSink& sink) {
  return MetabaseReading(source, options, sink).run(keys);
}

}  // namespace iwamtrace
