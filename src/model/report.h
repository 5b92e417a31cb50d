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
#include "model/severity.h"

namespace iwamtrace {

struct HostAnswer {
  Untrusted computer_name;
  std::vector<Untrusted> previous_names;
  Untrusted windows, iis, time_zone;
  std::string domain_role;            // "workgroup", "member", "domain-controller", or empty
  std::vector<Citation> named_where;  // of the name, the versions and the zone
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
  bool undated = false;  // nobody knows of which day the left one is: a difference proves nothing
};

// A moment that bounds something, with its reason.
struct Bound {
  Timestamp time;
  Untrusted because;
  std::vector<Citation> citations;
};

// One thing that is so, is not so, or cannot be told, and why.
struct Observation {
  std::optional<bool> holds;  // nothing: the statement says what could not be read
  Untrusted statement;
  std::vector<Citation> citations;  // none only where nothing could be read
  std::optional<Timestamp> since;   // that it is so, where the evidence tells
};

// A local group that an account is in.
struct GroupHeld {
  Untrusted name;
  std::optional<Sid> sid;  // nothing where the machine's is not known
  Untrusted through;       // the account, or whom its logons are counted among: "Everyone"
  bool itself = false;     // the account is listed by its own SID
  bool listed_by_group = false, listed_by_member = false;  // in which of SAM's two lists
  bool disputed = false;  // both were read, and one of them does not have it
  std::vector<Citation> citations;
};

// A logon right or privilege, also one that denies ("SeDenyBatchLogonRight").
struct RightHeld {
  std::string name;
  std::vector<Untrusted> holders;  // the account itself, or groups of it
  std::vector<Citation> citations;
};

// What one account is in and may do, whatever the kind of its logon.
struct AccountGrants {
  const Account* account = nullptr;  // into the Case
  std::optional<Sid> sid;
  std::vector<GroupHeld> groups;
  std::vector<RightHeld> rights;   // logon rights, then privileges
  bool rights_known = false;       // there is a SECURITY hive of this machine
  std::vector<Untrusted> missing;  // what could not be read, so that something may lack above

  [[nodiscard]] const RightHeld* right(std::string_view name) const;
};

// A local group with the names of its members, as the group lists them.
struct NamedGroup {
  const LocalGroup* group = nullptr;  // into the Case
  std::optional<Sid> sid;
  std::vector<Untrusted> members;
};

// The policies of the machine that the account is on; null where no hive has one.
struct PoliciesAnswer {
  const PasswordPolicy* password = nullptr;
  const AuditPolicy* audit = nullptr;
};

// Whether somebody may do what is done when a pooled application is started.
struct AccessCheck {
  AccessPermission::Of of{};  // the permission that decides
  bool needed = false;        // pooled applications cannot start without it
  Untrusted who;
  Observation granted;
};

struct ServiceState {
  std::string_view name;
  bool needed = false;  // by pooled applications, on every Windows
  std::optional<bool> present;
  std::optional<std::uint32_t> start;
  Observation can_start;
};

// Everything about the account that runs the pooled applications, and about the machine where it
// bears on that, besides its password: as the evidence has it last, not as it was before.
struct AccountStateAnswer {
  std::optional<Bound> as_of;  // the last moment that the evidence tells of
  AccountGrants grants;        // of the batch logon that DCOM makes for it
  Observation exists;          // in a SAM hive of the case
  Observation sam_decides;     // on a domain controller Active Directory does
  Observation batch_logon;     // it may log on as a batch job
  Observation disabled, locked, expired, password_expired;
  bool lock_ran_out = false;    // it is not locked any more although its flag still says so
  Observation users_complete;   // the group Users has INTERACTIVE and Authenticated Users
  Observation sids_agree;       // SAM and SECURITY name the same machine
  Observation rights_are_ours;  // no right is held by an account that this machine does not have
  Observation named_after_computer;
  std::vector<AccessCheck> access;
  std::vector<ServiceState> services;

  // The single observations by name, in that order, and what a healthy server has them say.
  struct Named {
    std::string_view name;
    const Observation* observation;
    bool healthy;
  };
  [[nodiscard]] std::vector<Named> observations() const;
};

// A password that the evidence holds beside the SAM's: a secret of LSA, or a secure property of one
// version of the metabase.
struct HeldSecret {
  Untrusted name;        // "SCM:{3D14228D-…}", "/LM/W3SVC/WAMUserPass"
  bool password = true;  // else an access list, which is kept as secret
  SecretValue current;
  std::optional<SecretValue> previous;  // LSA keeps one
  // "sam:IWAM_WEB01", "sam-history:IWAM_WEB01:1", "metabase:/LM/W3SVC", "lsa:SCM:{3D14228D-…}"
  std::vector<Untrusted> matches;
  std::vector<Untrusted> previous_matches;
  std::size_t matches_omitted = 0;  // beyond as many as anybody will read
  std::vector<Citation> citations;
};

struct SecretsAnswer {
  std::vector<HeldSecret> held;
  Untrusted locked_because;  // of the LSA secrets; empty when none is locked
};

// A property of a version: one of the two.
struct MetabaseRow {
  const MetabaseValue* value = nullptr;
  const SecureProperty* secure = nullptr;

  [[nodiscard]] const Citation& where() const;
  [[nodiscard]] const Untrusted& location() const;
  [[nodiscard]] const Untrusted& name() const;
};

// What differs between two versions that follow each other.
struct MetabaseChange {
  const MetabaseSnapshot* from = nullptr;
  const MetabaseSnapshot* to = nullptr;
  MetabaseRow before, after;  // neither in one of them: it was added, or taken away

  [[nodiscard]] const MetabaseRow& known() const;  // that of a side which has it
  [[nodiscard]] std::vector<Citation> citations() const;
};

struct MetabaseAnswer {
  // This server's, oldest first, then those of others, then what adsutil.vbs printed.
  std::vector<const MetabaseSnapshot*> versions;
  std::vector<MetabaseRow> rows;  // of all versions, by citation; without --reveal-secrets safe
  std::vector<MetabaseChange> changes;
  std::size_t not_comparable = 0;  // values under different session keys that nothing opens
};

struct CopiesAnswer {
  // Into the Case, null where it has none. The account may be there and its hash locked.
  const Account* account = nullptr;
  const Secret* secret = nullptr;
  std::vector<const MetabaseSnapshot*> metabases;  // oldest first; the last is the live one
  std::vector<const MetabaseSnapshot*> exports;    // printed by adsutil.vbs, nobody knows when
  std::vector<const MetabaseSnapshot*>
      other_metabases;                           // that name another account: not this one's
  bool sam_read = false, security_read = false;  // such hives are in the case
  bool several_accounts = false, several_secrets = false;  // other copies were passed over
  bool secret_of_another_machine = false;
  // The logs know of a password set after the SAM's last, or of a logon that succeeded after all
  // sets that the hives know of: the hives are copies of an earlier day.
  bool contradicted_by_logs = false;
  bool file_times_hold = false;  // of the metabases: else they are those of a copy
  std::vector<Comparison> comparisons;

  [[nodiscard]] const Comparison* comparison(Copy left, Copy right) const;
  // The version that is compared: the live one, else the youngest of the history or an export;
  // nullptr without any.
  [[nodiscard]] const MetabaseSnapshot* metabase() const;
  bool live_metabase = false;  // the last of `metabases` is the file in use, not one of the history
  // IIS 6 in worker process mode, which the citation says: nothing uses the account.
  std::optional<Citation> worker_processes;
};

// One line of the story, in time.
struct Moment {
  Timestamp time;
  Untrusted statement;
  std::vector<Citation> citations;
};

// Whom a record names, and the session that its logon id leads to.
struct Actor {
  Untrusted account;  // "WEB01\\bob"
  std::optional<std::uint64_t> logon_id;
  // Only where linked: of the session's logon; of its client as it was at the time of the act,
  // which a session that was taken up again has changed, and one without a client has not.
  std::optional<std::uint32_t> logon_type;
  Untrusted workstation, address;
  std::optional<Timestamp> logon_time;
  Untrusted process;  // the last that the session, or the system itself, had started before
  bool linked = false;
  Untrusted link;                   // how, in a sentence
  Untrusted unlinked_because;       // "not observable: …", or that it is the system itself
  std::vector<Moment> session;      // what of it belongs into the story
  std::vector<Citation> citations;  // of the act, and of the link or why there is none
};

enum class SyncVerdict : std::uint8_t { kDesynced, kInSync, kUndetermined };
std::string_view name_of(SyncVerdict verdict);

struct DesyncAnswer {
  SyncVerdict verdict = SyncVerdict::kUndetermined;
  Standing standing = Standing::kUndetermined;
  std::vector<Copy> out_of_step;
  std::optional<Bound> earliest, latest;
  std::string cause = "unknown";
  bool cause_parted_copies = false;  // else the cause and its window are of the failures alone
  std::optional<Actor> actor;
  std::optional<Bound> first_failure, last_success;
  std::optional<Bound> recovered;  // a success after the last failure: what failed then is mended
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
  std::vector<const EventRecord*> refused_starts;  // DCOM 10000 to 10003, 10016 of them
  std::vector<const EventRecord*> unloaded;        // W3SVC 36
  std::vector<const EventRecord*> pools;           // W3SVC 1021: no IWAM in it
  std::vector<const EventRecord*> services;        // of IIS, that did not start
  bool observable = false;                         // a System log of this server was read
  std::vector<const EventRecord*> refused_logons;  // 529 … and 4625 of IWAM, batch

  [[nodiscard]] bool any() const { return !groups.empty(); }
};

// An application of the web server: where it runs, and whether what fails reaches it there.
struct ApplicationAnswer {
  // In which process: as AppIsolated has it.
  enum class Protection : std::uint8_t { kLow, kHigh, kPooled, kWorkerProcess, kUnknown };

  Untrusted location;  // "/LM/W3SVC/1/ROOT/shop"
  Protection protection{};
  std::optional<bool> reached;  // nothing: there is no fault, or it cannot be told
  Untrusted because;
  std::vector<const EventRecord*> failures;  // W3SVC 36 of it, by time
  std::vector<Citation> citations;
};
std::string_view name_of(ApplicationAnswer::Protection protection);

struct WeighedHypothesis {
  Hypothesis hypothesis;
  Standing standing{};
};

struct Finding {
  std::string id;
  Severity severity = Severity::kInfo;
  Untrusted title, statement;
  std::optional<Timestamp> time;
  std::vector<Citation> citations;
  std::vector<std::string> techniques{};  // of ATT&CK, in its numbering up to version 17
  Untrusted rule{};                       // the id of the detection rule that found it
};

// How far an intruder had come; in the order of ATT&CK's tactics.
enum class Phase : std::uint8_t {
  kInitialAccess,
  kExecution,
  kPersistence,
  kPrivilegeEscalation,
  kDefenseEvasion,
  kCredentialAccess,
  kLateralMovement,
  kCommandAndControl,
  kImpact,
};
inline constexpr std::size_t kPhases = 9;
std::string_view name_of(Phase phase);  // "initial-access"

// Something that intruders do, and others too: what it proves is for the hypotheses to weigh.
struct Sign {
  Finding finding;
  Untrusted step;                     // of a storyline, which has the time; empty: the statement
  std::vector<Timestamp> more_times;  // of the same, by time
  Phase phase{};
  Force force = Force::kWeak;  // by itself, for that somebody broke in
  // The act of a person with an account who may have had every right to it. Of an intrusion it
  // tells only where something else shows one.
  bool ordinary = false;
  std::optional<std::uint64_t> logon_id;  // of the session that did it
};

enum class CompromiseVerdict : std::uint8_t { kEstablished, kSuspected, kNoSign, kNotObservable };
std::string_view name_of(CompromiseVerdict verdict);

// How near the intrusion is to what parted the passwords, or made the applications fail.
enum class DesyncLink : std::uint8_t { kSameLogonId, kSameMinute, kSameDay, kNone };
std::string_view name_of(DesyncLink link);

struct IntrusionStep {
  Timestamp time;
  Phase phase{};
  Untrusted statement;
  std::string technique;
  std::vector<Citation> citations;
};

struct CompromiseAnswer {
  CompromiseVerdict verdict = CompromiseVerdict::kNotObservable;
  // The fact that decides it; what keeps it from being seen; beside no sign what is unusual.
  Untrusted because;
  std::vector<Citation> citations;  // of that
  std::string kind;  // the hypothesis that won: "sql_server_attack"; empty where none did
  std::vector<std::string> techniques;
  std::vector<IntrusionStep> storyline;       // by time
  std::optional<DesyncLink> desync_link;      // nothing: there is no storyline, or nothing failed
  std::vector<WeighedHypothesis> hypotheses;  // of the ways in, the likeliest first
};

// One step of the repair, in order, for the hand of the administrator.
struct RepairStep {
  Untrusted action;  // "Stop IIS."
  Untrusted why;
  Untrusted command;  // that does it, with this server's names; empty where it is done by hand
};

// What is not in the case, or in no file that this program reads, and would decide a cause that is
// left undetermined.
struct WantedEvidence {
  Untrusted path;                    // on the server
  std::vector<std::string> decides;  // ids of causes
  Untrusted why;
};

// Evidence of the case that is not believed to be this server's, or that no sound log has.
struct LeftOut {
  enum class Why : std::uint8_t {
    kOtherComputer,  // a log whose newest record names another one
    kSeenBefore,     // the same bytes as a file listed before
    kWrongLog,       // records under the name of another log's writer
    kCopiedRecords,  // records that another file of the same log has as well
  };
  Why why{};
  SourceId source{};
  Untrusted computer;      // that the log names
  std::size_t events = 0;  // that were left out with it
  Citation where;
};

// What the analyzers fill in, table row by table row.
struct Answers {
  HostAnswer host;
  // Of this server's own logs, by time; all other answers are drawn from these.
  std::vector<const EventRecord*> events;
  std::vector<LeftOut> left_out;
  IwamAnswer iwam;
  CopiesAnswer copies;
  std::vector<AccountGrants> grants;  // of every account, in the order of the Case
  std::vector<NamedGroup> groups;     // of every SAM hive, likewise
  PoliciesAnswer policies;
  AccountStateAnswer account_state;
  SecretsAnswer secrets;
  MetabaseAnswer metabase;
  FailuresAnswer failures;
  DesyncAnswer desync;
  std::vector<WeighedHypothesis> hypotheses;    // the winner first, then its nearest rival
  std::vector<ApplicationAnswer> applications;  // of the metabase that is compared
  std::vector<Finding> findings;
  std::vector<Sign> signs;  // of an intrusion, undated ones last
  CompromiseAnswer compromise;
  std::vector<Moment> story;
  std::vector<RepairStep> remediation;  // none where nothing is to be mended, or nobody knows what
  std::vector<WantedEvidence> wanted;
  std::vector<Untrusted> limits;
};

struct Report {
  std::string tool_version;
  std::string isolation;  // "rlimit"
  const Case* evidence_of = nullptr;
  Answers answers;
};

}  // namespace iwamtrace
