// Writes the metabase of IIS 6 (MetaBase.xml) in the form the server itself gives it, and the
// numbered versions it leaves in its History folder.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "make/metabase_blobs.h"
#include "model/sid.h"
#include "model/timestamp.h"

namespace iwamtrace {

struct MadeProperty {
  enum class Form : std::uint8_t {
    kText,           // as it stands: `value` is UTF-8, the lines of a multi-string behind newlines
    kEncrypted,      // an IcDb blob in hexadecimal of the raw bytes in `value`
    kCleartextBlob,  // an IcCb blob of them
  };
  std::string name{};
  std::string value{};
  Form form = Form::kText;

  static MadeProperty text(std::string_view name, std::string_view value);
  // Strings are kept as UTF-16LE with a NUL behind them.
  static MadeProperty secret(std::string_view name, std::string_view utf8);
  static MadeProperty secret_bytes(std::string_view name, std::string_view raw);
  static MadeProperty cleartext_blob(std::string_view name, std::string_view utf8);
};

// A property the schema does not know, or has elsewhere: an element of its own.
struct MadeCustom {
  MadeProperty property{};
  std::uint32_t id = 0;
  std::string type = "DWORD", user_type = "IIS_MD_UT_SERVER", attributes = "NO_ATTRIBUTES";
};

struct MadeLocation {
  std::string type{};                      // the element: "IIsWebService"
  std::string path{};                      // "/LM/W3SVC"
  std::vector<MadeProperty> properties{};  // written in the order of their names
  std::vector<MadeCustom> customs{};

  MadeLocation& set(MadeProperty property);  // also in the place of the one of its name
  MadeLocation& remove(std::string_view name);
};

struct MadeMetabase {
  std::uint32_t major = 1, minor = 0;  // of the history; the file itself only says the major one
  std::uint32_t change_number = 1;
  Timestamp schema_written{};
  bool with_namespace = true;
  MetabaseKeys keys{};
  std::vector<MadeLocation> locations{};  // without ".", which follows from the above

  MadeLocation& at(std::string_view path);  // std::out_of_range where there is none
  // The location of that path, made with this type where there is none.
  MadeLocation& make(std::string_view type, std::string_view path);
};

// An IIS 6 as installed, with what matters to IWAM.
struct MadeWebApplication {
  std::string path = "/LM/W3SVC/1/ROOT";
  std::string friendly_name = "Default Application";
  std::optional<std::uint32_t> isolated = 2;  // 0 in process, 1 isolated, 2 pooled
};

struct MadeWebServer {
  std::string wam_user = "IWAM_WEB1", anonymous_user = "IUSR_WEB1";
  std::string wam_password{}, anonymous_password{};
  MadeProperty::Form password_form = MadeProperty::Form::kEncrypted;
  std::optional<bool> iis5_isolation_mode{};  // nothing: not in the file
  std::vector<MadeWebApplication> applications{MadeWebApplication{}};
  Sid iis_wpg{};  // S-1-5-21-…-RID
};

MadeMetabase metabase_of(const MadeWebServer& server);

std::string metabase_xml(const MadeMetabase& metabase);
std::string metabase_history_name(std::uint32_t major, std::uint32_t minor);  // MetaBase_….xml

// A change, and how it came to the disk: saved by the server, which raises the major number, or an
// edit of the file while the server ran, which raises the minor one.
struct MetabaseEdit {
  std::function<void(MadeMetabase&)> what;
  bool by_hand = false;
};

struct MetabaseVersion {
  std::string name;  // of the file
  MadeMetabase metabase;
  std::string xml;
};

// The first version and one for each edit.
std::vector<MetabaseVersion> made_metabase_versions(MadeMetabase metabase,
                                                    const std::vector<MetabaseEdit>& edits);

}  // namespace iwamtrace
