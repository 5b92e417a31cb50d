// What is known at the end: a document of plain values, ready to be rendered. Renderers compute
// nothing. Its JSON form is the contract with scripts: src/report/report.schema.json.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/artefact.h"
#include "model/case.h"
#include "model/hypothesis.h"

namespace iwamtrace {

struct HostAnswer {
  Untrusted computer_name;
  std::vector<Untrusted> previous_names;
  Untrusted windows, iis, time_zone;
  std::string domain_role;  // "workgroup", "member", "domain-controller", or empty
  Untrusted machine_sid;
};

struct IwamAnswer {
  Untrusted user_name, domain;
  std::vector<std::string> named_by;  // "metabase", "com_plus", "events", "sam"
};

enum class Copy : std::uint8_t { kSam, kComPlus, kMetabase };
std::string_view name_of(Copy copy);

struct Comparison {
  Copy left{}, right{};
  Equality result = Equality::kUnknown;
  Untrusted basis;
  std::optional<std::size_t> sam_history_index;  // the left one equals this entry of SAM's history
  std::vector<Citation> citations;
};

struct CopiesAnswer {
  // Into the Case, null where it has none. The account may be there and its hash locked.
  const Account* account = nullptr;
  const Secret* secret = nullptr;
  std::vector<const MetabaseSnapshot*> metabases;  // oldest first; the last is the live one
  std::vector<Comparison> comparisons;

  [[nodiscard]] const Comparison* comparison(Copy left, Copy right) const;
};

// A bound of the window, with its reason.
struct Bound {
  Timestamp time;
  Untrusted because;
  std::vector<Citation> citations;
};

struct Actor {
  Untrusted account;  // "WEB01\\bob"
  std::optional<std::uint64_t> logon_id;
  std::optional<std::uint32_t> logon_type;
  Untrusted workstation, address;
};

enum class SyncVerdict : std::uint8_t { kDesynced, kInSync, kUndetermined };
std::string_view name_of(SyncVerdict verdict);

struct DesyncAnswer {
  SyncVerdict verdict = SyncVerdict::kUndetermined;
  Standing standing = Standing::kUndetermined;
  std::vector<Copy> out_of_step;
  std::optional<Bound> earliest, latest;
  std::string cause = "unknown";
  std::optional<Actor> actor;
  std::optional<Bound> first_failure, last_success;
  std::optional<bool> explains_failure;
};

// What failed, as the logs have it. Counts are lower bounds: DCOM and COM+ suppress repetitions.
struct FailuresAnswer {
  struct Group {
    std::string what;  // "DCOM 10004, 1326"
    Untrusted meaning;
    std::vector<const EventRecord*> records;  // by time
  };
  std::vector<Group> groups;
  std::vector<const EventRecord*> logon_failures;  // DCOM 10004 of the pooled applications or IWAM
  std::vector<const EventRecord*> timeouts;        // DCOM 10010 of the pooled applications
  std::vector<const EventRecord*> unloaded;        // W3SVC 36
  std::vector<const EventRecord*> refused_logons;  // 529 … and 4625 of IWAM, batch

  [[nodiscard]] bool any() const {
    return !logon_failures.empty() || !timeouts.empty() || !unloaded.empty();
  }
};

struct WeighedHypothesis {
  Hypothesis hypothesis;
  Standing standing{};
};

enum class Severity : std::uint8_t { kCritical, kHigh, kMedium, kLow, kInfo };
std::string_view name_of(Severity severity);

struct Finding {
  std::string id;
  Severity severity = Severity::kInfo;
  Untrusted title, statement;
  std::optional<Timestamp> time;
  std::vector<Citation> citations;
};

// One line of the story, in time.
struct Moment {
  Timestamp time;
  Untrusted statement;
  std::vector<Citation> citations;
};

// What the analyzers fill in, table row by table row.
struct Answers {
  HostAnswer host;
  IwamAnswer iwam;
  CopiesAnswer copies;
  FailuresAnswer failures;
  DesyncAnswer desync;
  std::vector<WeighedHypothesis> hypotheses;  // the winner first
  std::vector<Finding> findings;
  std::vector<Moment> story;
  std::vector<Untrusted> limits;
};

struct Report {
  std::string tool_version;
  std::string isolation;  // "rlimit"
  const Case* evidence_of = nullptr;
  Answers answers;
};

}  // namespace iwamtrace
