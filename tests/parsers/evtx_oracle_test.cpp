// Every real .evtx at hand against the oracle beside it: the Rust reader evtx 0.12.2.
#include <gtest/gtest.h>
#include <map>
#include <regex>
#include <sstream>

#include <nlohmann/json.hpp>

#include "tests/support/evidence.h"
#include "tests/support/gunzip.h"

namespace iwamtrace {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;
using NamedValues = std::vector<std::pair<std::string, std::string>>;

// Both readers' words for one value: GUIDs with and without braces, six or seven digits of
// fraction.
std::string canonical(std::string text) {
  static const std::regex kGuid(R"(\{?([0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12})\}?)");
  static const std::regex kTime(R"((\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d+)?Z)");
  while (!text.empty() && std::isspace(static_cast<unsigned char>(text.back())) != 0) {
    text.pop_back();
  }
  text.erase(0, text.find_first_not_of(" \t\r\n"));
  std::smatch match;
  if (std::regex_match(text, match, kGuid)) {
    std::string guid = match[1];
    std::ranges::transform(guid, guid.begin(), lower);
    return guid;
  }
  if (std::regex_match(text, match, kTime)) {
    std::string fraction = match[2].length() > 1 ? match[2].str().substr(1) : "";
    fraction.resize(6, '0');
    return match[1].str() + "." + fraction;
  }
  return text;
}

std::string words_of(const Json& value) {
  if (value.is_null()) {
    return "";
  }
  return value.is_string() ? value.get<std::string>() : value.dump();
}

// The oracle's tree as the flat list that we make: attributes, children, text. It numbers names
// that occur again ("Data_1"); those numbers are taken off on both sides.
void flatten(const Json& node, const std::string& path, NamedValues& out) {
  if (node.is_array()) {
    for (const Json& item : node) {
      flatten(item, path, out);
    }
    return;
  }
  if (!node.is_object()) {
    out.emplace_back(path, words_of(node));
    return;
  }
  for (const auto& [name, value] : node.items()) {
    if (name == "#attributes") {
      for (const auto& [attribute, text] : value.items()) {
        if (!attribute.starts_with("xmlns")) {
          out.emplace_back(path + "@" + attribute, words_of(text));
        }
      }
    } else if (name == "#text") {
      flatten(value, path, out);
    } else {
      flatten(value, path.empty() ? name : path + "/" + name, out);
    }
  }
}

// <ComplexData Name="IdleState">: the attribute is the field's name, as it is for <Data>.
std::string name_in(const Json& element, const std::string& name) {
  const bool named = element.is_object() && element.contains("#attributes") &&
                     element["#attributes"].contains("Name");
  return named ? words_of(element["#attributes"]["Name"]) : name;
}

Json unnamed(Json element) {
  if (element.is_object() && element.contains("#attributes")) {
    element["#attributes"].erase("Name");
    if (element["#attributes"].empty()) {
      element.erase("#attributes");
    }
  }
  return element.is_object() && element.empty() ? Json("") : element;
}

NamedValues oracle_values(const Json& event) {
  NamedValues values;
  for (const auto& [part, body] : event.items()) {
    if (part == "System" || part == "#attributes" || body.is_null()) {
      continue;
    }
    if (part == "EventData") {
      for (const auto& [name, value] : body.items()) {
        if (name == "#attributes") {
          for (const auto& [attribute, text] : value.items()) {
            values.emplace_back("EventData@" + attribute, words_of(text));
          }
        } else {
          flatten(unnamed(value), name == "Data" || name == "Binary" ? "" : name_in(value, name),
                  values);
        }
      }
    } else if (part == "UserData") {
      for (const auto& [name, value] : body.items()) {
        if (name != "#attributes" && value.is_object()) {
          flatten(value, "", values);
        } else if (name != "#attributes" && !value.is_null()) {
          values.emplace_back(name, words_of(value));
        }
      }
    } else {
      flatten(body, part, values);
    }
  }
  return values;
}

NamedValues normalised(const NamedValues& values) {
  static const std::regex kNumbered(R"(_\d+(?=[@/]|$))");
  NamedValues result;
  for (const auto& [name, value] : values) {
    result.emplace_back(std::regex_replace(name, kNumbered, ""), canonical(value));
  }
  return result;
}

NamedValues our_values(const EventRecord& record) {
  NamedValues values;
  for (const EventRecord::Field& field : record.fields()) {
    values.emplace_back(plain(record.name(field)), plain(record.value(field)));
  }
  return values;
}

std::string text_of(const Json& element) {
  return element.is_object() ? words_of(element.value("#text", Json{})) : words_of(element);
}

std::string attribute_of(const Json& element, const char* name) {
  if (!element.is_object() || !element.contains("#attributes")) {
    return "";
  }
  return words_of(element["#attributes"].value(name, Json{}));
}

std::optional<std::uint64_t> number_of(const std::string& text) {
  return UntrustedView{text}.number();
}

template <typename Number>
std::optional<std::uint64_t> widened(const std::optional<Number>& number) {
  return number ? std::optional<std::uint64_t>{*number} : std::nullopt;
}

struct Comparison {
  std::size_t equal = 0, only_theirs = 0, only_ours = 0;
  std::vector<std::string> differences;
};

class Comparing {
 public:
  explicit Comparing(const fs::path& file) : file_(file) {
    read_all(TestSources({file_bytes(file)}), sink_);
    for (const EventRecord& record : sink_.events) {
      if (record.origin == Origin::kAllocated) {
        ours_.emplace(key(*record.head.record, to_iso(record.head.time)), &record);
      }
    }
  }

  Comparison run() {
    std::istringstream lines(gunzip(file_.string() + ".records.oracle.jsonl.gz"));
    for (std::string line; std::getline(lines, line);) {
      compare(Json::parse(line)["Event"]);
    }
    result_.only_ours = ours_.size();
    return std::move(result_);
  }

 private:
  static std::string key(std::uint64_t record, const std::string& time) {
    return std::to_string(record) + " " + time.substr(0, 19);
  }

  void compare(const Json& event) {
    const Json& system = event["System"];
    const std::string record = text_of(system.value("EventRecordID", Json{}));
    const std::string time = attribute_of(system.value("TimeCreated", Json{}), "SystemTime");
    const auto found = ours_.find(key(number_of(record).value_or(0), time));
    if (found == ours_.end()) {
      ++result_.only_theirs;
      return;
    }
    const EventRecord& ours = *found->second;
    ours_.erase(found);
    record_ = "record " + record;
    const std::size_t before = result_.differences.size();
    compare_system(ours, system, time);
    const NamedValues left = normalised(our_values(ours));
    const NamedValues right = normalised(oracle_values(event));
    if (!same_values(left, right) && !same_values(without_repeated_names(left), right)) {
      differ("values", std::to_string(left.size()), std::to_string(right.size()));
    }
    result_.equal += result_.differences.size() == before ? 1U : 0U;
  }

  // Where the log says param1 or nothing, the catalogue may have given a name.
  static bool same_values(const NamedValues& ours, const NamedValues& theirs) {
    return std::ranges::equal(ours, theirs, [](const auto& one, const auto& other) {
      const bool said = !other.first.empty() && !other.first.starts_with("param");
      return one.second == other.second && (one.first == other.first || !said);
    });
  }

  // The oracle drops a field whose name and value it has already (the template of event 4648 in
  // Windows 2008 names two fields LogonGuid).
  static NamedValues without_repeated_names(const NamedValues& values) {
    NamedValues kept;
    for (const auto& value : values) {
      if (value.first.empty() || std::ranges::find(kept, value) == kept.end()) {
        kept.push_back(value);
      }
    }
    return kept;
  }

  void compare_system(const EventRecord& ours, const Json& system, const std::string& time) {
    const auto element = [&](const char* name) { return system.value(name, Json{}); };
    const Json provider = element("Provider");
    const std::string source = attribute_of(provider, "EventSourceName");
    same("source", plain(ours.source()), source.empty() ? attribute_of(provider, "Name") : source);
    same("event id", widened<std::uint16_t>(ours.head.event_id),
         number_of(text_of(element("EventID"))));
    same("qualifiers", widened(ours.qualifiers),
         number_of(attribute_of(element("EventID"), "Qualifiers")));
    same("version", widened(ours.version), number_of(text_of(element("Version"))));
    same("task", widened(ours.task), number_of(text_of(element("Task"))));
    same("opcode", widened(ours.opcode), number_of(text_of(element("Opcode"))));
    same("keywords", ours.keywords, number_of(text_of(element("Keywords"))));
    same("process", widened(ours.process_id),
         number_of(attribute_of(element("Execution"), "ProcessID")));
    same("thread", widened(ours.thread_id),
         number_of(attribute_of(element("Execution"), "ThreadID")));
    same("time", canonical(to_iso(ours.head.time)), canonical(time));
    same("channel", plain(ours.log()), text_of(element("Channel")));
    same("computer", plain(ours.computer()), text_of(element("Computer")));
    same("user", ours.user ? to_string(*ours.user) : "",
         attribute_of(element("Security"), "UserID"));
    compare_level(ours, number_of(text_of(element("Level"))), ours.keywords.value_or(0));
  }

  void compare_level(const EventRecord& ours, std::optional<std::uint64_t> level,
                     std::uint64_t keywords) {
    static const std::vector<std::string> kNames{"information", "critical",    "error",
                                                 "warning",     "information", "verbose"};
    std::string expected = level && *level < kNames.size() ? kNames[*level] : "";
    expected = (keywords >> 52 & 1) != 0   ? "audit_failure"
               : (keywords >> 53 & 1) != 0 ? "audit_success"
                                           : expected;
    same("level", ours.level ? std::string(name_of(*ours.level)) : "", expected);
  }

  template <typename Value>
  void same(const char* what, const Value& ours, const Value& theirs) {
    if (ours != theirs) {
      if constexpr (std::is_same_v<Value, std::string>) {
        differ(what, ours, theirs);
      } else {
        differ(what, ours ? std::to_string(*ours) : "none",
               theirs ? std::to_string(*theirs) : "none");
      }
    }
  }

  void differ(const std::string& what, const std::string& ours, const std::string& theirs) {
    result_.differences.push_back(file_.filename().string() + ", " + record_ + ", " + what +
                                  ": ours " + ours + ", theirs " + theirs);
  }

  fs::path file_;
  CollectingSink sink_;
  std::multimap<std::string, const EventRecord*> ours_;
  std::string record_;
  Comparison result_;
};

// Records that only one reader has, where there are any: what the oracle does not read of broken
// files, and the records of nothing but zeros that it makes of torn ones.
struct Expected {
  std::size_t only_ours, only_theirs;
};
const std::map<std::string, Expected> kExpected{
    {"2-vss_0-Microsoft-Windows-RemoteDesktopServices-RdpCoreTS%4Operational.evtx", {41, 0}},
    {"2-vss_0-Microsoft-Windows-TerminalServices-RemoteConnectionManager%4Operational.evtx",
     {21, 0}},
    {"Microsoft-Windows-HelloForBusiness%4Operational.evtx", {0, 1}},
    {"sample-with-zero-data-size-event.evtx", {115, 0}},
    {"sample_with_a_bad_chunk_magic.evtx", {31, 1}},
    {"System2.evtx", {89, 0}},
};
TEST(EvtxOracle, EveryRecordOfEveryFileIsEqualFieldByFieldAndNameByName) {
  IWAMTRACE_NEEDS_DATA("evtx");
  std::size_t files = 0;
  std::size_t equal = 0;
  for (const auto& entry : fs::recursive_directory_iterator(data_folder() / "evtx")) {
    if (entry.path().extension() != ".evtx") {
      continue;
    }
    SCOPED_TRACE(entry.path().filename().string());
    const Comparison comparison = Comparing(entry.path()).run();
    ++files;
    equal += comparison.equal;
    const auto expected = kExpected.find(entry.path().filename().string());
    EXPECT_EQ(comparison.only_ours, expected == kExpected.end() ? 0 : expected->second.only_ours);
    EXPECT_EQ(comparison.only_theirs,
              expected == kExpected.end() ? 0 : expected->second.only_theirs);
    for (const std::string& difference : comparison.differences) {
      ADD_FAILURE() << difference;
    }
  }
  EXPECT_EQ(files, 214U);
  EXPECT_EQ(equal, 28847U);
}

TEST(EvtxOracle, EveryByteOfEveryFileIsAccountedFor) {
  IWAMTRACE_NEEDS_DATA("evtx");
  for (const auto& entry : fs::recursive_directory_iterator(data_folder() / "evtx")) {
    if (entry.path().extension() != ".evtx") {
      continue;
    }
    SCOPED_TRACE(entry.path().filename().string());
    CollectingSink sink;
    sink.want_events = false;
    read_all(TestSources({file_bytes(entry.path())}), sink);
    ASSERT_EQ(sink.summaries.size(), 1U);
    const Coverage& coverage = sink.summaries.front().coverage;
    EXPECT_EQ(coverage.read + coverage.slack + coverage.damaged, fs::file_size(entry.path()));
    EXPECT_EQ(sink.losses().empty(), coverage.damaged == 0);
  }
}

}  // namespace
}  // namespace iwamtrace
