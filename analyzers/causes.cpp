#include "analyzers/causes.h"

#include <algorithm>
#include <array>

namespace iwamtrace {
namespace {

using enum Cause::Of;
using enum Cause::Reach;
using enum Cause::Breaks;
using enum Cause::Audited;

constexpr std::array kCauses{
    Cause{"sam_changed_alone", kCopies, kProcesses, kLogon, true, kAccountManagement,
          "set the password in the SAM"},
    Cause{"com_plus_changed_alone", kCopies, kPool, kLogon, true, kNothing, "changed COM+'s copy"},
    Cause{"metabase_changed_alone", kCopies, kPool, kLogon, true, kNothing, "changed the metabase"},
    Cause{"multiple_changes", kCopies, kProcesses, kLogon, true, kAccountManagement,
          "changed the copies"},
    Cause{"domain_controller_demotion", kIdentity, kProcesses, kLogon, true, kElsewhere, ""},
    Cause{"domain_controller_promotion", kState, kProcesses, kLogon, true, kElsewhere, ""},
    Cause{"metabase_from_other_server", kIdentity, kProcesses, kLogon, true, kNothing,
          "brought the metabase"},
    Cause{"account_disabled", kState, kProcesses, kLogon, false, kAccountManagement,
          "disabled the account"},
    Cause{"account_locked", kState, kProcesses, kLogon, false, kElsewhere, ""},
    Cause{"account_expired", kState, kProcesses, kLogon, false, kAccountManagement,
          "gave the account a day of expiry"},
    Cause{"password_expired", kState, kProcesses, kLogon, true, kAccountManagement,
          "let the password expire"},
    Cause{"logon_right_missing", kState, kProcesses, kLogon, false, kPolicyChange,
          "took the right away"},
    Cause{"group_membership_changed", kState, kProcesses, kAfterLogon, false, kAccountManagement,
          "changed the group"},
    Cause{"users_group_incomplete", kState, kProcesses, kAfterLogon, false, kAccountManagement,
          "changed the group"},
    Cause{"launch_permission_denied", kState, kPool, kLogon, false, kNothing,
          "changed the permissions"},
    Cause{"registry_acl_denied", kState, kProcesses, kAfterLogon, false, kNothing,
          "changed the permissions"},
    Cause{"file_acl_denied", kState, kProcesses, kAfterLogon, false, kNothing,
          "changed the permissions"},
    Cause{"com_plus_identity_edited", kState, kPool, kLogon, false, kNothing,
          "edited the identity"},
    Cause{"com_plus_catalog_damaged", kState, kProcesses, kAfterLogon, false, kElsewhere, ""},
    Cause{"msdtc_missing", kState, kProcesses, kAfterLogon, false, kElsewhere, ""},
    Cause{"service_disabled", kState, kEverything, kLogon, false, kElsewhere, ""},
    Cause{"rpc_service_crash", kState, kEverything, kLogon, false, kElsewhere, ""},
    Cause{"application_pool_identity", kState, kNone, kAfterLogon, true, kElsewhere, ""},
    Cause{"audit_log_full", kState, kEverything, kLogon, false, kElsewhere, ""},
};

}  // namespace

bool Cause::parts_copies() const { return of != Of::kState; }

std::span<const Cause> all_causes() { return kCauses; }

const Cause* cause_of(std::string_view id) {
  const auto* const found = std::ranges::find(kCauses, id, &Cause::id);
  return found == kCauses.end() ? nullptr : &*found;
}

bool is_about_copies(std::string_view id) {
  const Cause* cause = cause_of(id);
  return cause != nullptr && cause->of == Cause::Of::kCopies;
}

}  // namespace iwamtrace
