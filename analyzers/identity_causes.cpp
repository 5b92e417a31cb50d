// The causes that lie in who the account is: another server's metabase, a domain controller that
// came or went, another identity in COM+ or in the application pools.
#include <algorithm>
#include <utility>

#include "analyzers/cause_argument.h"
#include "analyzers/cause_facts.h"
#include "analyzers/iwam_events.h"
#include "analyzers/metabase_history.h"

namespace iwamtrace {
namespace {

using enum Force;

bool is_here(const CauseEvidence& e, UntrustedView name) {
  return std::ranges::any_of(e.the_case.all<Account>(),
                             [&](const Account& account) { return account.name.is(name); });
}

// The file in use names somebody else than COM+ and the SAM of this server know.
Hypothesis another_account(const CauseEvidence& e, const MetabaseSnapshot& metabase,
                           CauseArgument argument) {
  const UntrustedView name = metabase.wam_user_name.view().account();
  const std::vector<Citation> where{metabase.wam_user_name_where};
  if (is_here(e, name)) {
    argument.oppose(kStrong,
                    say("the account ", name, ", which the metabase in use names, is here"), where);
  } else if (!e.answers.copies.sam_read) {
    argument.missing("the accounts of this server: a SAM hive", true);
  } else {
    argument.favour(argument.failing() ? kStrong : kWeak,
                    say("the metabase in use names ", name, ", and no SAM hive of the case has it"),
                    where);
    argument.unloaded_with(kWeak, "8000401A", "configured identity is incorrect");
  }
  return argument.take();
}

Hypothesis metabase_from_other_server(const CauseEvidence& e) {
  const AccountStateAnswer& state = e.answers.account_state;
  CauseArgument argument(e, "metabase_from_other_server",
                         "the metabase is another server's, and names an account that is not here");
  const MetabaseSnapshot* metabase = e.answers.copies.metabase();
  if (metabase == nullptr || metabase->wam_user_name.empty()) {
    return argument.missing("the metabase's WAMUserName", true).take();
  }
  if (e.answers.copies.live_metabase && !names_account(*metabase, e.answers.iwam.user_name)) {
    return another_account(e, *metabase, std::move(argument));
  }
  if (!e.answers.iwam.domain.empty()) {
    argument.oppose(kStrong,
                    say("the metabase names an account of the domain ", e.answers.iwam.domain),
                    {metabase->wam_user_name_where});
    return argument.take();
  }
  if (state.named_after_computer.holds == true) {
    std::vector<Citation> where = state.named_after_computer.citations;
    where.push_back(metabase->wam_user_name_where);
    argument.oppose(kProof, state.named_after_computer.statement, std::move(where));
    return argument.take();
  }
  argument.hint(state.named_after_computer, false);
  if (state.exists.holds == false) {
    std::vector<Citation> where = state.exists.citations;
    where.push_back(metabase->wam_user_name_where);
    argument.favour(argument.failing() ? kStrong : kWeak, state.exists.statement, std::move(where));
  } else if (state.exists.holds == true) {
    argument.oppose(kStrong, state.exists.statement, state.exists.citations);
  } else {
    argument.missing("the accounts of this server: a SAM hive", true);
  }
  return argument.take();
}

// The local accounts go with the promotion; those of the domain must be made anew.
Hypothesis domain_controller_promotion(const CauseEvidence& e) {
  const AccountStateAnswer& state = e.answers.account_state;
  CauseArgument argument(e, "domain_controller_promotion",
                         "the server became a domain controller, and its local accounts went");
  if (state.sam_decides.holds == true) {
    return argument.where(state.sam_decides, false).take();
  }
  if (!state.sam_decides.holds) {
    return argument.missing("ProductType of a SYSTEM hive", true).take();
  }
  argument.favour(kWeak, state.sam_decides.statement, state.sam_decides.citations);
  if (state.exists.holds == false && e.answers.iwam.domain.empty()) {
    argument.favour(argument.failing() ? kStrong : kWeak, state.exists.statement,
                    state.exists.citations);
  }
  return argument.missing("the accounts of Active Directory: ntds.dit", true).take();
}

// The accounts are made anew, with other passwords and without the old ones' rights.
Hypothesis domain_controller_demotion(const CauseEvidence& e) {
  const AccountStateAnswer& state = e.answers.account_state;
  CauseArgument argument(e, "domain_controller_demotion",
                         "the server was a domain controller, and its accounts were made anew");
  if (state.sam_decides.holds == false) {
    return argument.where(state.sam_decides, true).take();
  }
  if (e.account == nullptr || !e.account->created || e.com_plus == nullptr || !e.com_plus->set) {
    return argument.missing("when the account was made, and when COM+ got its password", true)
        .take();
  }
  const std::vector<Citation> times{e.account->where, e.com_plus->set_where};
  if (*e.account->created <= *e.com_plus->set) {
    argument.oppose(kProof,
                    say("the account is older (", *e.account->created, ") than COM+'s password (",
                        *e.com_plus->set, ")"),
                    times);
    return argument.take();
  }
  const bool orphans = state.rights_are_ours.holds == false;
  argument.favour(orphans && argument.failing() ? kStrong : kWeak,
                  say("the account was made on ", *e.account->created,
                      ", after COM+ got its password (", *e.com_plus->set, ")"),
                  times);
  argument.hint(state.rights_are_ours, false);
  return argument.missing("what is left of Active Directory: ntds.dit, dcpromo.log", false).take();
}

Hypothesis com_plus_identity_edited(const CauseEvidence& e) {
  CauseArgument argument(e, "com_plus_identity_edited",
                         "somebody gave the pooled applications another identity in COM+");
  const auto& identities = e.the_case.all<ApplicationIdentity>();
  const auto pooled =
      std::find_if(identities.rbegin(), identities.rend(), [](const ApplicationIdentity& one) {
        return one.app_id.is(kPooledApplications) && !one.run_as.empty();
      });
  if (pooled == identities.rend() || e.answers.iwam.user_name.empty()) {
    return argument.missing("RunAs of the pooled applications in a SOFTWARE hive", true).take();
  }
  const bool same = pooled->run_as.view().account().is(e.answers.iwam.user_name);
  return argument
      .where(Observation{same,
                         say("COM+ runs the pooled applications as ", pooled->run_as),
                         {pooled->where},
                         pooled->key_written},
             false)
      .take();
}

// IIS 6 in worker process mode starts no dllhost; its pools have identities of their own.
Hypothesis application_pool_identity(const CauseEvidence& e) {
  CauseArgument argument(e, "application_pool_identity",
                         "the identity of an application pool of IIS 6 is wrong");
  const MetabaseSnapshot* metabase = e.answers.copies.metabase();
  const auto& facts = e.the_case.all<HostFact>();
  const auto version = std::ranges::find(facts, HostFact::Kind::kIisVersion, &HostFact::kind);
  if (e.answers.host.iis.view().starts_with("5") && version != facts.end()) {
    argument.oppose(kProof, say("IIS ", e.answers.host.iis, " has no application pools"),
                    {version->where});
    return argument.take();
  }
  const bool pools = !uses_iwam(e.answers.copies) && metabase->isolation_mode_where;
  argument.record(
      pools ? kProof : kStrong, "W3SVC found the identity of an application pool invalid",
      [](const EventRecord& record) { return record.head.key == events::kPoolIdentityInvalid; });
  if (argument.has_any()) {
    return argument.take();
  }
  if (metabase != nullptr && uses_iwam(e.answers.copies) && metabase->isolation_mode_where) {
    argument.oppose(kProof, say("IIS runs in the isolation mode of IIS 5: it has no pools in use"),
                    {*metabase->isolation_mode_where});
    return argument.take();
  }
  const FailuresAnswer& failures = e.answers.failures;
  for (const auto* records : {&failures.unloaded, &failures.timeouts, &failures.logon_failures,
                              &failures.refused_starts}) {
    if (!records->empty()) {
      argument.oppose(kStrong, say("what failed is an application of the model of IIS 5"),
                      {records->back()->where()});
      break;
    }
  }
  return argument.take();
}

}  // namespace

std::vector<Hypothesis> causes_by_identity(const CauseEvidence& evidence) {
  std::vector<Hypothesis> hypotheses;
  for (const auto weigh_cause :
       {metabase_from_other_server, domain_controller_promotion, domain_controller_demotion,
        com_plus_identity_edited, application_pool_identity}) {
    hypotheses.push_back(weigh_cause(evidence));
  }
  return hypotheses;
}

}  // namespace iwamtrace
