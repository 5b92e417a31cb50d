#include "make/metabase_writer.h"

#include <algorithm>
#include <stdexcept>

#include "make/bytes.h"
#include "model/text.h"

namespace iwamtrace {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
constexpr std::string_view kNamespace = "urn:microsoft-catalog:XML_Metabase_V54_0";

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\n':
        out += "\n\t\t\t";
        break;  // between the lines of a multi-string
      default:
        out += c;
    }
  }
  return out;
}

std::string attribute(std::string_view name, std::string_view value) {
  return "\t\t" + std::string(name) + "=\"" + escaped(value) + "\"\n";
}

std::string value_of(const MadeProperty& property, const MetabaseKeys& keys) {
  switch (property.form) {
    case MadeProperty::Form::kText:
      return property.value;
    case MadeProperty::Form::kEncrypted:
      return hex(as_bytes(encrypted_metabase_blob(property.value, keys)));
    case MadeProperty::Form::kCleartextBlob:
      return hex(as_bytes(cleartext_metabase_blob(property.value)));
  }
  return {};
}

std::string custom_element(const MadeCustom& custom, const MetabaseKeys& keys) {
  return "\t<Custom\n" + attribute("Name", custom.property.name) +
         attribute("ID", std::to_string(custom.id)) +
         attribute("Value", value_of(custom.property, keys)) + attribute("Type", custom.type) +
         attribute("UserType", custom.user_type) + attribute("Attributes", custom.attributes) +
         "\t/>\n";
}

std::string element(const MadeLocation& location, const MetabaseKeys& keys) {
  std::vector<MadeProperty> sorted = location.properties;
  std::ranges::sort(sorted, {}, &MadeProperty::name);
  std::string out = "<" + location.type + "\tLocation =\"" + escaped(location.path) + "\"\n";
  for (const MadeProperty& property : sorted) {
    out += attribute(property.name, value_of(property, keys));
  }
  out += "\t>\n";
  for (const MadeCustom& custom : location.customs) {
    out += custom_element(custom, keys);
  }
  return out + "</" + location.type + ">\n";
}

// Locations are sorted without regard to case; properties with.
std::string without_case(std::string_view path) {
  std::string lowered(path);
  std::ranges::transform(lowered, lowered.begin(), lower);
  return lowered;
}

// The eight bytes as they lie in memory.
std::string filetime_digits(Timestamp time) {
  ByteWriter out;
  out.u64(filetime_of(time));
  return hex(as_bytes(out.view()));
}

MadeLocation global_location(const MadeMetabase& metabase) {
  MadeLocation global{.type = "IIS_Global", .path = "."};
  const auto add = [&global](std::string_view name, const std::string& value) {
    global.properties.push_back(MadeProperty::text(name, value));
  };
  add("BINSchemaTimeStamp", filetime_digits(metabase.schema_written));
  add("ChangeNumber", std::to_string(metabase.change_number));
  add("HistoryMajorVersionNumber", std::to_string(metabase.major));
  add("SessionKey", hex(as_bytes(session_key_metabase_blob(metabase.keys))));
  add("XMLSchemaTimeStamp", filetime_digits(metabase.schema_written));
  return global;
}

MadeProperty acl_for_services(const MadeWebServer& server, std::uint32_t access) {
  return MadeProperty::secret_bytes("AdminACL", admin_acl_for_services(server.iis_wpg, access));
}

MadeProperty acl_for_administrators() {
  return MadeProperty::secret_bytes("AdminACL", admin_acl_for_administrators());
}

MadeProperty password(std::string_view name, std::string_view utf8, MadeProperty::Form form) {
  return form == MadeProperty::Form::kText            ? MadeProperty::text(name, utf8)
         : form == MadeProperty::Form::kCleartextBlob ? MadeProperty::cleartext_blob(name, utf8)
                                                      : MadeProperty::secret(name, utf8);
}

void add_web_service(MadeMetabase& metabase, const MadeWebServer& server) {
  MadeLocation& service = metabase.make("IIsWebService", "/LM/W3SVC");
  service.set(MadeProperty::text("AnonymousUserName", server.anonymous_user))
      .set(password("AnonymousUserPass", server.anonymous_password, server.password_form))
      .set(MadeProperty::text("AppPoolId", "DefaultAppPool"))
      .set(MadeProperty::text("ApplicationDependencies",
                              "Active Server Pages;ASP\nInternet Data Connector;HTTPODBC"))
      .set(MadeProperty::text("AuthFlags", "AuthAnonymous"))
      .set(MadeProperty::text("LogOdbcDataSource", "HTTPLOG"))
      .set(MadeProperty::secret("LogOdbcPassword", "sqllog"))
      .set(MadeProperty::text("LogOdbcUserName", "InternetAdmin"))
      .set(MadeProperty::text("WAMUserName", server.wam_user))
      .set(password("WAMUserPass", server.wam_password, server.password_form));
  if (server.iis5_isolation_mode) {
    service.set(MadeProperty::text("IIs5IsolationModeEnabled",
                                   *server.iis5_isolation_mode ? "TRUE" : "FALSE"));
  }
  service.customs.push_back(
      MadeCustom{.property = MadeProperty::text("UnknownName_2166", "1"), .id = 2166});
}

void add_application(MadeMetabase& metabase, const MadeWebApplication& application) {
  MadeLocation& folder = metabase.make("IIsWebVirtualDir", application.path);
  folder.set(MadeProperty::text("AccessFlags", "AccessRead | AccessScript"))
      .set(MadeProperty::text("AppFriendlyName", application.friendly_name))
      .set(MadeProperty::text("AppRoot", application.path))
      .set(MadeProperty::text("Path", "C:\\inetpub\\wwwroot"))
      .set(MadeProperty::secret("UNCPassword", ""));
  if (application.isolated) {
    folder.set(MadeProperty::text("AppIsolated", std::to_string(*application.isolated)));
  }
}

std::string ten_digits(std::uint32_t number) {
  const std::string digits = std::to_string(number);
  return std::string(10 - digits.size(), '0') + digits;
}

}  // namespace

MadeProperty MadeProperty::text(std::string_view name, std::string_view value) {
  return {.name = std::string(name), .value = std::string(value)};
}

MadeProperty MadeProperty::secret(std::string_view name, std::string_view utf8) {
  return secret_bytes(name, utf16_bytes(utf8) + std::string(2, '\0'));
}

MadeProperty MadeProperty::secret_bytes(std::string_view name, std::string_view raw) {
  return {.name = std::string(name), .value = std::string(raw), .form = Form::kEncrypted};
}

MadeProperty MadeProperty::cleartext_blob(std::string_view name, std::string_view utf8) {
  MadeProperty property = secret(name, utf8);
  property.form = Form::kCleartextBlob;
  return property;
}

MadeLocation& MadeLocation::set(MadeProperty property) {
  remove(property.name);
  properties.push_back(std::move(property));
  return *this;
}

MadeLocation& MadeLocation::remove(std::string_view name) {
  std::erase_if(properties, [name](const MadeProperty& each) { return each.name == name; });
  return *this;
}

MadeLocation& MadeMetabase::at(std::string_view path) {
  const auto found = std::ranges::find(locations, path, &MadeLocation::path);
  if (found == locations.end()) {
    throw std::out_of_range("the metabase has no " + std::string(path));
  }
  return *found;
}

MadeLocation& MadeMetabase::make(std::string_view type, std::string_view path) {
  const auto found = std::ranges::find(locations, path, &MadeLocation::path);
  if (found != locations.end()) {
    return *found;
  }
  locations.push_back(MadeLocation{.type = std::string(type), .path = std::string(path)});
  return locations.back();
}

MadeMetabase metabase_of(const MadeWebServer& server) {
  MadeMetabase metabase;
  metabase.make("IIS_ROOT", "/").set(acl_for_services(server, 0x89));
  metabase.make("IIsComputer", "/LM")
      .set(MadeProperty::text("EnableEditWhileRunning", "0"))
      .set(MadeProperty::text("EnableHistory", "1"))
      .set(MadeProperty::text("MaxHistoryFiles", "10"));
  metabase.make("IIsConfigObject", "/LM/IISADMIN");
  metabase.make("IIsLogModules", "/LM/Logging").set(acl_for_administrators());
  add_web_service(metabase, server);
  metabase.make("IIsWebServer", "/LM/W3SVC/1")
      .set(MadeProperty::text("ServerBindings", ":80:"))
      .set(MadeProperty::text("ServerComment", "Default Web Site"));
  metabase.make("IIsFilters", "/LM/W3SVC/1/Filters").set(acl_for_services(server, 0x8B));
  for (const MadeWebApplication& application : server.applications) {
    add_application(metabase, application);
  }
  metabase.make("IIsApplicationPools", "/LM/W3SVC/AppPools")
      .set(acl_for_services(server, 0x80))
      .set(MadeProperty::text("AppPoolIdentityType", "2"));
  metabase.make("IIsApplicationPool", "/LM/W3SVC/AppPools/DefaultAppPool");
  metabase.make("IIsFilters", "/LM/W3SVC/Filters").set(acl_for_services(server, 0x8B));
  metabase.make("IIsWebInfo", "/LM/W3SVC/Info")
      .set(acl_for_administrators())
      .set(MadeProperty::text("MajorIIsVersionNumber", "6"))
      .set(MadeProperty::text("MinorIIsVersionNumber", "0"));
  return metabase;
}

std::string metabase_xml(const MadeMetabase& metabase) {
  std::vector<MadeLocation> sorted = metabase.locations;
  std::ranges::sort(sorted, {}, [](const MadeLocation& each) { return without_case(each.path); });
  std::string out = std::string(kByteOrderMark) + "<?xml version =\"1.0\"?>\n<configuration" +
                    (metabase.with_namespace ? " xmlns=\"" + std::string(kNamespace) + "\"" : "") +
                    ">\n<MBProperty>\n" + element(global_location(metabase), metabase.keys);
  for (const MadeLocation& location : sorted) {
    out += element(location, metabase.keys);
  }
  return out + "</MBProperty>\n</configuration>\n";
}

std::string metabase_history_name(std::uint32_t major, std::uint32_t minor) {
  return "MetaBase_" + ten_digits(major) + "_" + ten_digits(minor) + ".xml";
}

std::vector<MetabaseVersion> made_metabase_versions(MadeMetabase metabase,
                                                    const std::vector<MetabaseEdit>& edits) {
  std::vector<MetabaseVersion> versions;
  const auto keep = [&] {
    versions.push_back(
        {metabase_history_name(metabase.major, metabase.minor), metabase, metabase_xml(metabase)});
  };
  keep();
  for (const MetabaseEdit& edit : edits) {
    edit.what(metabase);
    if (edit.by_hand) {
      ++metabase.minor;
    } else {
      ++metabase.major;
      metabase.minor = 0;
      ++metabase.change_number;
    }
    keep();
  }
  return versions;
}

}  // namespace iwamtrace
