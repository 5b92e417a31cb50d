#include "analyzers/intrusion/signs.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "analyzers/intrusion/techniques.h"
#include "analyzers/session_records.h"

namespace iwamtrace {

Sign sign_of(std::string_view finding, Severity severity, Untrusted title, Untrusted statement,
             std::vector<Citation> citations) {
  const SignKind* kind = sign_kind(finding);
  if (kind == nullptr) {
    throw std::logic_error("a sign of no known kind: " + std::string(finding));
  }
  Sign sign;
  sign.phase = kind->phase;
  sign.finding.id = finding;
  sign.finding.severity = severity;
  sign.finding.title = std::move(title);
  sign.finding.statement = std::move(statement);
  sign.finding.citations = std::move(citations);
  sign.finding.techniques = {std::string(kind->technique)};
  return sign;
}

Sign sign_of(std::string_view finding, Severity severity, Untrusted title, Untrusted statement,
             const HostAnswer& host, const EventRecord& record) {
  Sign sign = sign_of(finding, severity, std::move(title), std::move(statement), {record.where()});
  sign.finding.time = record.head.time;
  sign.logon_id = record.field("SubjectLogonId").logon_id();
  sign.ordinary = !system_session_of(host, record);
  return sign;
}

bool is_of_the_setup(const Case& the_case, Timestamp time) {
  return std::ranges::any_of(the_case.all<HostFact>(), [&](const HostFact& fact) {
    if (fact.kind != HostFact::Kind::kWindowsInstalled) {
      return false;
    }
    const auto installed = fact.value.view().moment();
    return installed && time - *installed > -Timestamp::kTicksPerDay &&
           time - *installed < Timestamp::kTicksPerDay;
  });
}

bool is_administrator(const AccountGrants& grants) {
  return std::ranges::any_of(grants.groups, [](const GroupHeld& group) {
    return group.itself && !group.disputed && group.sid == well_known::kAdministrators;
  });
}

Untrusted span_of(Timestamp first, Timestamp last) {
  return first == last ? say("on ", first) : say("from ", first, " to ", last);
}

}  // namespace iwamtrace
