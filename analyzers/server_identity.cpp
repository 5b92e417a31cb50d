// Which server is this, and which account runs its pooled applications?
#include <algorithm>
#include <vector>

#include "analyzers/computer_names.h"
#include "analyzers/questions.h"

namespace iwamtrace {
namespace {

using Kind = HostFact::Kind;

// In citation order: with several copies of a hive they say the same or are findings.
const HostFact* last_fact(const Case& the_case, Kind kind) {
  const HostFact* last = nullptr;
  for (const HostFact& host : the_case.all<HostFact>()) {
    if (host.kind == kind && !host.value.empty()) {
      last = &host;
    }
  }
  return last;
}

Untrusted fact(const Case& the_case, Kind kind) {
  const HostFact* last = last_fact(the_case, kind);
  return last == nullptr ? Untrusted{} : last->value;
}

std::string role_of(const Case& the_case) {
  const Untrusted product = fact(the_case, Kind::kProductType);
  if (product.is("LanmanNT")) {
    return "domain-controller";
  }
  if (product.empty()) {
    return {};
  }
  const bool joined = !fact(the_case, Kind::kPrimaryDomainSid).empty();
  const bool known = std::ranges::any_of(the_case.all<HostFact>(), [](const HostFact& host) {
    return host.kind == Kind::kPrimaryDomain || host.kind == Kind::kPolicyRevision;
  });
  return joined ? "member" : known ? "workgroup" : "";
}

// Without a hive the logs themselves name their computer, each record.
Untrusted computer_of_events(const Case& the_case) {
  return the_case.events.empty() ? Untrusted{} : Untrusted{the_case.events.back().computer()};
}

// By the renames that logs tell of, and by the names that parts of SYSTEM have kept.
void collect_former_names(const Case& the_case, HostAnswer& host) {
  const auto note = [&](UntrustedView name) {
    if (!name.empty() && !is_name_of(host, name)) {
      host.previous_names.emplace_back(name);
    }
  };
  for (const EventRecord& record : the_case.events) {
    if (record.head.key == events::kComputerRenamed) {
      note(record.field("OldName"));
    }
  }
  const HostFact* own = last_fact(the_case, Kind::kComputerName);
  for (const HostFact& other : the_case.all<HostFact>()) {
    if (other.kind == Kind::kKnownAs && own != nullptr && other.where.source == own->where.source) {
      note(other.value);
    }
  }
}

struct Candidate {
  Untrusted name, domain;
};

Candidate split_account(UntrustedView account) {
  if (const auto parts = account.split('\\')) {
    const bool local = parts->first.empty() || parts->first.is(".");
    return {Untrusted{parts->second}, local ? Untrusted{} : Untrusted{parts->first}};
  }
  return {Untrusted{account}, {}};
}

// One witness of the account's name after the other; the first that speaks decides, the others are
// counted where they agree.
class IwamNaming {
 public:
  explicit IwamNaming(Answers& answers) : answers_(answers) {}

  void hear(std::string_view witness, UntrustedView account) {
    if (account.empty()) {
      return;
    }
    const Candidate candidate = split_account(account);
    IwamAnswer& iwam = answers_.iwam;
    if (iwam.user_name.empty()) {
      iwam.user_name = candidate.name;
      iwam.domain =
          answers_.host.computer_name.is(candidate.domain.view()) ? Untrusted{} : candidate.domain;
    }
    const bool agrees = iwam.user_name.is(candidate.name.view());
    const bool counted = std::ranges::find(iwam.named_by, witness) != iwam.named_by.end();
    if (agrees && !counted) {
      iwam.named_by.emplace_back(witness);
    }
  }

 private:
  Answers& answers_;
};

bool is_iwam_name(UntrustedView name) { return name.starts_with("IWAM_"); }

void name_account(const Case& the_case, Answers& answers) {
  IwamNaming naming(answers);
  const auto& metabases = the_case.all<MetabaseSnapshot>();
  std::for_each(metabases.rbegin(), metabases.rend(), [&](const MetabaseSnapshot& version) {
    naming.hear("metabase", version.wam_user_name);
  });
  for (const ApplicationIdentity& identity : the_case.all<ApplicationIdentity>()) {
    if (!identity.run_as.is("Interactive User")) {
      naming.hear("com_plus", identity.run_as);
    }
  }
  for (const EventRecord& record : the_case.events) {
    const UntrustedView user = record.field("User");
    if (record.head.key == events::kDcomLogonFailed &&
        (record.field("ServerId").is(kPooledApplications) || is_iwam_name(user))) {
      naming.hear("events", user);
    }
  }
  // The account of this computer's own name before one that was left by another.
  const Untrusted own = say("IWAM_", answers.host.computer_name);
  for (const bool own_only : {true, false}) {
    for (const Account& account : the_case.all<Account>()) {
      if (own_only ? account.name.is(own.view()) : is_iwam_name(account.name)) {
        naming.hear("sam", account.name);
      }
    }
  }
  for (const Account& account : the_case.all<Account>()) {
    if (account.name.is(answers.iwam.user_name.view())) {
      naming.hear("sam", account.name);
    }
  }
}

}  // namespace

void identify_server(const Case& the_case, Answers& answers) {
  HostAnswer& host = answers.host;
  host.computer_name = fact(the_case, Kind::kComputerName);
  if (host.computer_name.empty()) {
    host.computer_name = computer_of_events(the_case);
  }
  host.windows = fact(the_case, Kind::kWindowsVersion);
  host.iis = fact(the_case, Kind::kIisVersion);
  host.time_zone = fact(the_case, Kind::kTimeZone);
  host.machine_sid = fact(the_case, Kind::kMachineSid);
  host.domain_role = role_of(the_case);
  collect_former_names(the_case, host);
  name_account(the_case, answers);
}

}  // namespace iwamtrace
