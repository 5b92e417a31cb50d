// Who is in which group, and who may do what? Of every account and group of every SAM hive.
#include <algorithm>

#include "analyzers/local_machine.h"
#include "analyzers/questions.h"

namespace iwamtrace {
namespace {

template <typename Item, typename Wanted>
const Item* first_of(const Case& the_case, Wanted wanted) {
  const auto& items = the_case.all<Item>();
  const auto found = std::ranges::find_if(items, wanted);
  return found == items.end() ? nullptr : &*found;
}

// Of the machine that has the account; where none has it, the first there are.
PoliciesAnswer policies_of(const Case& the_case, const Account* account) {
  if (account == nullptr) {
    const auto any = [](const auto& /*policy*/) { return true; };
    return {first_of<PasswordPolicy>(the_case, any), first_of<AuditPolicy>(the_case, any)};
  }
  const LocalMachine machine(the_case, account->where.source);
  const auto& security = machine.security_hives();
  return {first_of<PasswordPolicy>(
              the_case,
              [&](const PasswordPolicy& policy) { return policy.where.source == machine.sam(); }),
          first_of<AuditPolicy>(the_case, [&](const AuditPolicy& policy) {
            return std::ranges::find(security, policy.where.source) != security.end();
          })};
}

}  // namespace

void list_grants(const Case& the_case, Answers& answers) {
  answers.policies = policies_of(the_case, answers.copies.account);
  for (const Source& source : the_case.sources) {
    if (source.kind != SourceKind::kHiveSam) {
      continue;
    }
    const LocalMachine machine(the_case, source.id);
    for (const Account& account : the_case.all<Account>()) {
      if (account.where.source == source.id) {
        answers.grants.push_back(machine.grants_of(account));
      }
    }
    std::ranges::move(machine.named_groups(), std::back_inserter(answers.groups));
  }
}

}  // namespace iwamtrace
