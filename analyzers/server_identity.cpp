// Which server is this, and which account runs its pooled applications?
#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "analyzers/computer_names.h"
#include "analyzers/local_machine.h"
#include "analyzers/metabase_history.h"
#include "analyzers/own_evidence.h"
#include "analyzers/questions.h"

namespace iwamtrace {
namespace {

using Kind = HostFact::Kind;

// What the hives say of the machine. Where there are several SYSTEM hives, one speaks.
class MachineFacts {
 public:
  MachineFacts(const Case& the_case, std::optional<SourceId> system)
      : case_(the_case), system_(system) {}

  // Of the hive that speaks before any other; else the last one.
  [[nodiscard]] const HostFact* find(Kind kind) const {
    const HostFact* last = nullptr;
    for (const HostFact& fact : case_.all<HostFact>()) {
      if (fact.kind != kind || fact.value.empty()) {
        continue;
      }
      if (fact.where.source == system_) {
        return &fact;
      }
      last = &fact;
    }
    return last;
  }
  [[nodiscard]] Untrusted operator()(Kind kind) const {
    const HostFact* fact = find(kind);
    return fact == nullptr ? Untrusted{} : fact->value;
  }

  [[nodiscard]] std::vector<Untrusted> other_names() const {
    std::vector<Untrusted> names;
    for (const HostFact& fact : case_.all<HostFact>()) {
      if (fact.kind == Kind::kKnownAs && (!system_ || fact.where.source == system_)) {
        names.push_back(fact.value);
      }
    }
    return names;
  }

  [[nodiscard]] std::string role() const {
    const Untrusted product = (*this)(Kind::kProductType);
    if (product.is("LanmanNT")) {
      return "domain-controller";
    }
    if (product.empty()) {
      return {};
    }
    const bool joined = !(*this)(Kind::kPrimaryDomainSid).empty();
    const bool known = std::ranges::any_of(case_.all<HostFact>(), [](const HostFact& fact) {
      return fact.kind == Kind::kPrimaryDomain || fact.kind == Kind::kPolicyRevision;
    });
    return joined ? "member" : known ? "workgroup" : "";
  }

 private:
  const Case& case_;
  std::optional<SourceId> system_;
};

// Of the copies of a SYSTEM hive the youngest: one from the folder "repair" has the name that setup
// gave the machine.
std::optional<SourceId> youngest_system(const Case& the_case) {
  const Source* youngest = nullptr;
  for (const Source& source : the_case.sources) {
    if (source.kind == SourceKind::kHiveSystem &&
        (youngest == nullptr || source.summary.last >= youngest->summary.last)) {
      youngest = &source;
    }
  }
  return youngest == nullptr ? std::nullopt : std::optional{youngest->id};
}

bool of_several_machines(const Case& the_case) {
  const HostFact* first = nullptr;
  return std::ranges::any_of(the_case.all<HostFact>(), [&](const HostFact& fact) {
    if (fact.kind != Kind::kMachineSid) {
      return false;
    }
    first = first == nullptr ? &fact : first;
    return !fact.value.is(first->value.view());
  });
}

// Without a hive the logs themselves name their computer, if they agree.
Untrusted computer_of_logs(const Case& the_case) {
  Untrusted name;
  for (const Source& source : the_case.sources) {
    const Untrusted& computer = source.summary.computer;
    if (!name.empty() && !computer.empty() && !same_computer(name, computer)) {
      return {};
    }
    name = computer.empty() ? name : computer;
  }
  return name;
}

void name_host(const Case& the_case, const MachineFacts& fact, Answers& answers) {
  HostAnswer& host = answers.host;
  host.previous_names.clear();
  host.computer_name = fact(Kind::kComputerName);
  if (host.computer_name.empty()) {
    host.computer_name = computer_of_logs(the_case);
  }
  for (const Untrusted& name : fact.other_names()) {
    if (!name.empty() && !is_name_of(host, name)) {
      host.previous_names.push_back(name);
    }
  }
  answers.events.clear();
  answers.left_out.clear();
  take_own_events(the_case, answers);
}

// The SYSTEM hive whose boot key opened a hive.
std::optional<SourceId> system_of(const Case& the_case, SourceId hive) {
  for (const Unlocking& unlocking : the_case.all<Unlocking>()) {
    if (unlocking.where.source == hive && unlocking.key_from) {
      return unlocking.key_from;
    }
  }
  return std::nullopt;
}

Untrusted sid_of(const Case& the_case, SourceId sam) {
  const HostFact* fact = machine_sid_in(the_case, sam);
  return fact == nullptr ? Untrusted{} : fact->value;
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

bool is_in_sam(const Case& the_case, UntrustedView account) {
  const UntrustedView name = account.account();
  return std::ranges::any_of(the_case.all<Account>(),
                             [&](const Account& one) { return one.name.is(name); });
}

// One witness of the account's name after the other; the first that speaks decides, the others are
// counted where they agree.
class IwamNaming {
 public:
  IwamNaming(const Case& the_case, Answers& answers) : case_(the_case), answers_(answers) {}

  void hear(std::string_view witness, UntrustedView account) {
    if (account.empty()) {
      return;
    }
    const Candidate candidate = split_account(account);
    IwamAnswer& iwam = answers_.iwam;
    if (iwam.user_name.empty()) {
      iwam.user_name = candidate.name;
      iwam.domain = is_local(candidate) ? Untrusted{} : candidate.domain;
    }
    const bool agrees = iwam.user_name.is(candidate.name.view());
    const bool counted = std::ranges::find(iwam.named_by, witness) != iwam.named_by.end();
    if (agrees && !counted) {
      iwam.named_by.emplace_back(witness);
    }
  }

 private:
  // "OLDNAME\\IWAM_OLDNAME" after a rename: a machine's accounts go with it, by whatever name it
  // had.
  [[nodiscard]] bool is_local(const Candidate& account) const {
    const HostAnswer& host = answers_.host;
    const bool named_after_it = account.name.is(say("IWAM_", account.domain));
    return account.domain.empty() || is_name_of(host, account.domain) ||
           (named_after_it && is_in_sam(case_, account.name));
  }

  const Case& case_;
  Answers& answers_;
};

bool is_iwam_name(UntrustedView name) { return name.starts_with("IWAM_"); }

void name_account(const Case& the_case, Answers& answers) {
  IwamNaming naming(the_case, answers);
  const auto& metabases = the_case.all<MetabaseSnapshot>();
  // A metabase that names an account of this SAM before a copy of another server's.
  const auto hear_metabases = [&](bool of_this_sam, bool printed) {
    std::for_each(metabases.rbegin(), metabases.rend(), [&](const MetabaseSnapshot& version) {
      if ((!of_this_sam || is_in_sam(the_case, version.wam_user_name)) &&
          (printed || !is_export(the_case, version))) {
        naming.hear("metabase", version.wam_user_name);
      }
    });
  };
  hear_metabases(true, true);
  hear_metabases(false, false);
  for (const ApplicationIdentity& identity : the_case.all<ApplicationIdentity>()) {
    if (!identity.run_as.is("Interactive User")) {
      naming.hear("com_plus", identity.run_as);
    }
  }
  for (const EventRecord* record : answers.events) {
    const UntrustedView user = record->field("User");
    if (record->head.key == events::kDcomLogonFailed &&
        (record->field("ServerId").is(kPooledApplications) || is_iwam_name(user))) {
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
  hear_metabases(false, true);  // what somebody printed may be of any server
  for (const Account& account : the_case.all<Account>()) {
    if (account.name.is(answers.iwam.user_name.view())) {
      naming.hear("sam", account.name);
    }
  }
}

}  // namespace

void identify_server(const Case& the_case, Answers& answers) {
  std::optional<SourceId> system = youngest_system(the_case);
  name_host(the_case, MachineFacts(the_case, system), answers);
  name_account(the_case, answers);
  const OwnHives hives = own_hives(the_case, answers.iwam.user_name);
  if (of_several_machines(the_case) && hives.account != nullptr) {
    if (const auto key_from = system_of(the_case, hives.account->where.source)) {
      system = key_from;
      name_host(the_case, MachineFacts(the_case, system), answers);
    }
  }
  const MachineFacts fact(the_case, system);
  HostAnswer& host = answers.host;
  host.windows = fact(Kind::kWindowsVersion);
  host.iis = fact(Kind::kIisVersion);
  host.time_zone = fact(Kind::kTimeZone);
  host.machine_sid = hives.account == nullptr ? fact(Kind::kMachineSid)
                                              : sid_of(the_case, hives.account->where.source);
  if (host.machine_sid.empty()) {
    host.machine_sid = fact(Kind::kMachineSid);
  }
  host.domain_role = fact.role();
  for (const Kind kind : {Kind::kComputerName, Kind::kWindowsVersion, Kind::kIisVersion,
                          Kind::kTimeZone, Kind::kProductType}) {
    if (const HostFact* found = fact.find(kind)) {
      host.named_where.push_back(found->where);
    }
  }
}

}  // namespace iwamtrace
