// Who is in which group, and who may do what? Of every account of every SAM hive.
#include <memory>

#include "analyzers/local_machine.h"
#include "analyzers/questions.h"

namespace iwamtrace {

void list_grants(const Case& the_case, Answers& answers) {
  std::unique_ptr<LocalMachine> machine;  // accounts are in the order of their hives
  for (const Account& account : the_case.all<Account>()) {
    if (machine == nullptr || machine->sam() != account.where.source) {
      machine = std::make_unique<LocalMachine>(the_case, account.where.source);
    }
    answers.grants.push_back(machine->grants_of(account));
  }
}

}  // namespace iwamtrace
