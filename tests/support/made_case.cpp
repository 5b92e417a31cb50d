#include "tests/support/made_case.h"

#include <algorithm>
#include <cstring>
#include <stdexcept>

namespace iwamtrace {
namespace {

constexpr std::string_view kInstalled = "2003-11-02T14:05:51Z";

Citation cite(SourceId source, std::uint64_t offset, std::string_view path) {
  return Citation{source, offset, std::nullopt, say(path)};
}

Source made_source(SourceId id, std::string_view path, SourceKind kind, std::string_view log = {}) {
  Source source;
  source.id = id;
  source.path = say(path);
  source.kind = source.summary.kind = kind;
  source.status = SourceStatus::kRead;
  source.summary.source = id;
  source.summary.log = say(log);
  source.modified = at("2004-06-14T23:00:00Z");
  return source;
}

MetabaseSnapshot made_metabase(SourceId source, std::uint32_t major) {
  MetabaseSnapshot metabase;
  metabase.where = cite(source, 100, "./HistoryMajorVersionNumber");
  metabase.major = major;
  metabase.session_key_digest = "0123456789abcdef";
  metabase.wam_user_name = say("IWAM_SHOP1");
  metabase.wam_user_name_where = cite(source, 200, "/LM/W3SVC/WAMUserName");
  metabase.password_form = PasswordForm::kEncrypted;
  metabase.password_cipher = "00ff00ff";
  metabase.password_length = 8;
  metabase.password_where = cite(source, 300, "/LM/W3SVC/WAMUserPass");
  return metabase;
}

}  // namespace

Fingerprint fingerprint_of_text(std::string_view password) {
  Fingerprint fingerprint;
  std::memcpy(fingerprint.bytes.data(), password.data(),
              std::min(password.size(), fingerprint.bytes.size()));
  return fingerprint;
}

MadeCase::MadeCase() {
  sources_ = {made_source(kSystemLog, "SysEvent.Evt", SourceKind::kEvt, "System"),
              made_source(kSecurityLog, "SecEvent.Evt", SourceKind::kEvt, "Security"),
              made_source(kSamHive, "SAM", SourceKind::kHiveSam),
              made_source(kSecurityHive, "SECURITY", SourceKind::kHiveSecurity),
              made_source(kSystemHive, "SYSTEM", SourceKind::kHiveSystem),
              made_source(kOldMetabase, "History/MetaBase_0000000014_0000000000.xml",
                          SourceKind::kMetabaseXml),
              made_source(kLiveMetabase, "MetaBase.xml", SourceKind::kMetabaseXml)};
  for (const SourceId log : {kSystemLog, kSecurityLog}) {
    source(log).summary.records = 1;
  }
  source(kOldMetabase).modified = at("2004-06-01T03:00:00Z");

  account.where = cite(kSamHive, 0x1000, "\\SAM\\Domains\\Account\\Users\\000003EC");
  account.name = say("IWAM_SHOP1");
  account.rid = account.fixed_rid = 1004;
  account.flags = kNormalAccount | kPasswordNeverExpires;
  account.password_last_set = at(kInstalled);
  account.key_written = at("2004-06-14T07:00:00Z");
  account.nt_state = HashState::kKnown;
  account.fingerprint = fingerprint_of_text("first");
  account.password_set_where = cite(kSamHive, 0x1018, "F+0x18");
  account.flags_where = cite(kSamHive, 0x1038, "F+0x38");
  account.hash_where = cite(kSamHive, 0x1100, "V+0x100");
  account.history_where = cite(kSamHive, 0x1200, "V+0x200");

  secret.where = cite(kSecurityHive, 0x2000, "\\Policy\\Secrets\\SCM:{3D14228D-…}");
  secret.name = say(kPooledSecret);
  secret.current.state = SecretState::kValue;
  secret.current.set = at(kInstalled);
  secret.current.fingerprint = fingerprint_of_text("first");
  secret.current.password_length = 8;
  secret.current.where = cite(kSecurityHive, 0x2100, "CurrVal");
  secret.current.set_where = cite(kSecurityHive, 0x2200, "CupdTime");
  secret.previous.where = cite(kSecurityHive, 0x2300, "OldVal");

  rights.where = cite(kSecurityHive, 0x2400, "\\Policy\\Accounts\\S-1-5-21-1-2-3-1004\\ActSysAc");
  rights.sid = Sid::from_text("S-1-5-21-1-2-3-1004").value();
  rights.logon_rights = kBatchLogon | kNetworkLogon;

  old_metabase = made_metabase(kOldMetabase, 14);
  live_metabase = made_metabase(kLiveMetabase, 15);
}

MadeCase reset_in_sam() {
  MadeCase made;
  made.account.password_last_set = at("2004-06-14T09:31:22.4375Z");
  made.account.fingerprint = fingerprint_of_text("second");
  made.account.history = {fingerprint_of_text("second"), fingerprint_of_text("first")};
  made.account.history_begins_with_current = true;
  return made;
}

EventRecord& MadeCase::event(SourceId log, std::string_view time, EventKey key, std::uint16_t id,
                             const Fields& fields) {
  EventRecord record;
  record.head.source = log;
  record.head.record = events_.size() + 1;
  record.head.offset = 0x1000 + 0x100 * events_.size();
  record.head.time = at(time);
  record.head.key = key;
  record.head.event_id = id;
  record.set_computer(record.add_text("SHOP1"));
  for (const auto& [name, value] : fields) {
    const EventRecord::Piece name_piece = record.add_text(name);
    record.add_field(name_piece, record.add_text(value));
  }
  events_.push_back(std::move(record));
  return events_.back();
}

EventRecord& MadeCase::dcom_logon_failed(std::string_view time, std::string_view error,
                                         std::string_view server, std::string_view user) {
  return event(kSystemLog, time, events::kDcomLogonFailed, 10004,
               {{"Error", error}, {"Domain", "."}, {"User", user}, {"ServerId", server}});
}

EventRecord& MadeCase::dcom_timeout(std::string_view time, std::string_view server) {
  return event(kSystemLog, time, events::kDcomTimeout, 10010, {{"ServerId", server}});
}

EventRecord& MadeCase::not_loaded(std::string_view time, std::string_view error) {
  return event(kSystemLog, time, events::kApplicationNotLoaded, 36,
               {{"Application", "/LM/W3SVC/1/Root"}, {"Error", error}});
}

EventRecord& MadeCase::password_set(std::string_view time, std::string_view target,
                                    std::string_view by) {
  return event(kSecurityLog, time, events::kPasswordReset, 628,
               {{"TargetUserName", target},
                {"SubjectUserName", by},
                {"SubjectDomainName", "SHOP1"},
                {"SubjectLogonId", "(0x0,0x1F3A2)"}});
}

EventRecord& MadeCase::logon(std::string_view time, std::string_view target,
                             std::string_view type) {
  return event(kSecurityLog, time, events::kLogon, 528,
               {{"TargetUserName", target}, {"LogonType", type}});
}

const Answers& MadeCase::judge() {
  case_ = Case{};
  case_.sources = sources_;
  const auto fact = [&](HostFact::Kind kind, std::string_view value, SourceId from) {
    case_.add(HostFact{kind, say(value), cite(from, 0x3000, "fact")});
  };
  fact(HostFact::Kind::kComputerName, "SHOP1", kSystemHive);
  fact(HostFact::Kind::kMachineSid, "S-1-5-21-1-2-3", kSamHive);
  if (!without_sam) {
    case_.add(account);
  }
  const auto in_full = [&](KeyReadInFull::Which which, SourceId hive) {
    case_.add(KeyReadInFull{which, cite(hive, 0x3100, "key")});
  };
  if (!without_sam) {
    in_full(KeyReadInFull::Which::kUsers, kSamHive);
    in_full(KeyReadInFull::Which::kBuiltinGroups, kSamHive);
    in_full(KeyReadInFull::Which::kMachineGroups, kSamHive);
  }
  if (!without_security) {
    in_full(KeyReadInFull::Which::kAccountRights, kSecurityHive);
    case_.add(secret);
    if (!without_rights) {
      case_.add(rights);
    }
  }
  if (!without_metabase) {
    case_.add(old_metabase);
    case_.add(live_metabase);
  }
  for (const Artefact& artefact : more) {
    case_.add(artefact);
  }
  for (const EventRecord& record : events_) {
    case_.events.push_back(copy_of(record));
  }
  case_.sort();
  answers_ = examine(case_);
  return answers_;
}

const WeighedHypothesis& hypothesis(const Answers& answers, std::string_view id) {
  const auto found = std::ranges::find_if(
      answers.hypotheses, [&](const WeighedHypothesis& one) { return one.hypothesis.id == id; });
  if (found == answers.hypotheses.end()) {
    throw std::out_of_range(std::string(id));
  }
  return *found;
}

Standing standing_of(const Answers& answers, std::string_view id) {
  return hypothesis(answers, id).standing;
}

std::vector<std::string> statements(const std::vector<Fact>& facts) {
  std::vector<std::string> lines;
  for (const Fact& fact : facts) {
    lines.push_back(std::string(name_of(fact.force())) + ": " + plain(fact.statement()));
  }
  return lines;
}

bool has_finding(const Answers& answers, std::string_view id) {
  return std::ranges::any_of(answers.findings,
                             [&](const Finding& finding) { return finding.id == id; });
}

std::vector<std::string> limits_of(const Answers& answers) {
  std::vector<std::string> lines;
  for (const Untrusted& limit : answers.limits) {
    lines.push_back(plain(limit));
  }
  return lines;
}

bool has_limit(const Answers& answers, std::string_view part) {
  return std::ranges::any_of(limits_of(answers), [&](const std::string& limit) {
    return limit.find(part) != std::string::npos;
  });
}

}  // namespace iwamtrace
