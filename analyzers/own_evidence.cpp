#include "analyzers/own_evidence.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <tuple>

#include "analyzers/computer_names.h"
#include "analyzers/local_machine.h"

namespace iwamtrace {
namespace {

using LeftOutWhy = LeftOut::Why;

// A record's writer and the log it may stand in; logs that gather others' records hold anything.
bool may_stand_in(EventSource writer, UntrustedView log) {
  const auto is_one_of = [&](std::initializer_list<std::string_view> names) {
    return std::ranges::any_of(names, [&](std::string_view name) { return log.is(name); });
  };
  if (log.empty() || log.is("ForwardedEvents")) {
    return true;
  }
  switch (writer) {
    case EventSource::kSecurity:
      return log.is("Security");
    case EventSource::kDcom:
    case EventSource::kServiceControlManager:
    case EventSource::kW3svc:
      return log.is("System");
    case EventSource::kEventLog:
      return is_one_of({"System", "Security"});
    default:
      return true;
  }
}

// Renames that own logs tell of make older names this server's too, and with them older logs.
class OwnLogs {
 public:
  OwnLogs(const Case& the_case, Answers& answers) : case_(the_case), answers_(answers) {
    for (const Source& source : the_case.sources) {
      const bool seen = !source.sha256.empty() && !hashes_.insert(source.sha256).second;
      states_[source.id] = seen ? State::kTwin : State::kUnknown;
    }
    while (take_more()) {
    }
  }

  [[nodiscard]] bool is_twin(SourceId id) const { return states_.at(id) == State::kTwin; }
  [[nodiscard]] bool is_own(SourceId id) const { return states_.at(id) == State::kOwn; }

 private:
  enum class State { kUnknown, kOwn, kTwin };

  // True where a name became known that may make another log own.
  bool take_more() {
    bool renamed = false;
    for (const Source& source : case_.sources) {
      State& state = states_[source.id];
      const UntrustedView computer = source.summary.computer;
      const bool nobody_to_compare = answers_.host.computer_name.empty() || computer.empty();
      if (state != State::kUnknown || !(nobody_to_compare || is_name_of(answers_.host, computer))) {
        continue;
      }
      state = State::kOwn;
      renamed = note_former_names(source.id) || renamed;
    }
    return renamed;
  }

  bool note_former_names(SourceId id) {
    bool found = false;
    for (const EventRecord& record : case_.events) {
      const UntrustedView name = record.field("OldName");
      if (record.head.source == id && record.head.key == events::kComputerRenamed &&
          !name.empty() && !is_name_of(answers_.host, name)) {
        answers_.host.previous_names.emplace_back(name);
        found = true;
      }
    }
    return found;
  }

  const Case& case_;
  Answers& answers_;
  std::set<std::string> hashes_;
  std::map<SourceId, State> states_;
};

LeftOut& entry(Answers& answers, LeftOutWhy why, const Source& source, const Citation& where) {
  const auto known = std::ranges::find_if(answers.left_out, [&](const LeftOut& one) {
    return one.why == why && one.source == source.id;
  });
  if (known != answers.left_out.end()) {
    return *known;
  }
  return answers.left_out.emplace_back(LeftOut{why, source.id, source.summary.computer, 0, where});
}

// A log that was saved, or copied while the server ran, has other bytes and the same records. What
// stands in it still comes before what was left over in free space, and the log that was written
// last before the others.
class UniqueRecords {
 public:
  UniqueRecords(const Case& the_case, Answers& answers) : case_(the_case), answers_(answers) {}

  // Records by time.
  void take(const EventRecord& record) {
    if (time_ != record.head.time) {
      time_ = record.head.time;
      alike_.clear();
    }
    if (!record.head.record) {
      answers_.events.push_back(&record);
      return;
    }
    constexpr std::size_t kMostAlike = 16;  // in a log that repeats one number
    auto& alike = alike_[{*record.head.record, record.head.event_id}];
    for (const std::size_t index : alike) {
      const EventRecord*& known = answers_.events[index];
      if (known->source() == record.source() && known->computer() == record.computer()) {
        const bool same_file = known->head.source == record.head.source;
        same_file ? answers_.events.push_back(&record) : keep_one(known, record);
        return;
      }
    }
    if (alike.size() < kMostAlike) {
      alike.push_back(answers_.events.size());
    }
    answers_.events.push_back(&record);
  }

 private:
  void keep_one(const EventRecord*& known, const EventRecord& record) {
    const EventRecord* copy = &record;
    if (rank(record) > rank(*known)) {
      std::swap(known, copy);
    }
    ++entry(answers_, LeftOutWhy::kCopiedRecords, case_.source(copy->head.source), copy->where())
          .events;
  }
  [[nodiscard]] std::pair<bool, std::optional<Timestamp>> rank(const EventRecord& record) const {
    return {record.origin == Origin::kAllocated, case_.source(record.head.source).summary.last};
  }

  const Case& case_;
  Answers& answers_;
  Timestamp time_;
  // Where in the events, of each writer one: within a file nothing is a copy.
  std::map<std::pair<std::uint64_t, std::uint16_t>, std::vector<std::size_t>> alike_;
};

const Unlocking* unlocking_of(const Case& the_case, SourceId hive) {
  const auto& all = the_case.all<Unlocking>();
  const auto found = std::ranges::find_if(
      all, [&](const Unlocking& unlocking) { return unlocking.where.source == hive; });
  return found == all.end() ? nullptr : &*found;
}

// False only where the two are known to be of different machines.
bool may_be_one_machine(const Case& the_case, SourceId sam, SourceId security) {
  const Unlocking* one = unlocking_of(the_case, sam);
  const Unlocking* other = unlocking_of(the_case, security);
  if (one != nullptr && other != nullptr && one->key_from && other->key_from) {
    return one->key_from == other->key_from;
  }
  const HostFact* sam_sid = machine_sid_in(the_case, sam);
  const HostFact* security_sid = machine_sid_in(the_case, security);
  return sam_sid == nullptr || security_sid == nullptr ||
         sam_sid->value.is(security_sid->value.view());
}

}  // namespace

OwnHives own_hives(const Case& the_case, UntrustedView account_name) {
  std::vector<const Account*> accounts;
  std::vector<const Secret*> secrets;
  for (const Account& account : the_case.all<Account>()) {
    if (!account_name.empty() && account.name.is(account_name)) {
      accounts.push_back(&account);
    }
  }
  for (const Secret& secret : the_case.all<Secret>()) {
    if (secret.name.is(kPooledSecret)) {
      secrets.push_back(&secret);
    }
  }
  OwnHives own;
  own.several_accounts = accounts.size() > 1;
  own.several_secrets = secrets.size() > 1;
  const auto account_rank = [](const Account* account) {
    return std::tuple{account->fingerprint.has_value(), account->key_written};
  };
  const auto secret_rank = [](const Secret* secret) {
    return std::tuple{secret->current.state != SecretState::kLocked, secret->current.set};
  };
  using Rank = std::tuple<bool, decltype(account_rank(nullptr)), decltype(secret_rank(nullptr))>;
  std::optional<Rank> best;
  for (const Account* account : accounts) {
    for (const Secret* secret : secrets) {
      if (!may_be_one_machine(the_case, account->where.source, secret->where.source)) {
        continue;
      }
      const bool both = account->fingerprint && secret->current.fingerprint;
      const Rank rank{both, account_rank(account), secret_rank(secret)};
      if (!best || rank > *best) {
        best = rank;
        own.account = account;
        own.secret = secret;
      }
    }
  }
  if (best) {
    return own;
  }
  const auto account = std::ranges::max_element(accounts, {}, account_rank);
  const auto secret = std::ranges::max_element(secrets, {}, secret_rank);
  own.account = account == accounts.end() ? nullptr : *account;
  own.secret_of_another_machine = own.account != nullptr && secret != secrets.end();
  own.secret = secret == secrets.end() || own.account != nullptr ? nullptr : *secret;
  return own;
}

bool is_left_out(const Answers& answers, SourceId source) {
  return std::ranges::any_of(answers.left_out, [&](const LeftOut& one) {
    return one.source == source &&
           (one.why == LeftOut::Why::kOtherComputer || one.why == LeftOut::Why::kSeenBefore);
  });
}

void take_own_events(const Case& the_case, Answers& answers) {
  const OwnLogs logs(the_case, answers);
  for (const Source& source : the_case.sources) {  // also one without an event that anybody needs
    const bool log = source.kind == SourceKind::kEvt || source.kind == SourceKind::kEvtx;
    if (log && logs.is_twin(source.id)) {
      entry(answers, LeftOutWhy::kSeenBefore, source, Citation{source.id, 0, std::nullopt, {}});
    } else if (log && !logs.is_own(source.id)) {
      entry(answers, LeftOutWhy::kOtherComputer, source, source.summary.computer_where);
    }
  }
  UniqueRecords unique(the_case, answers);
  for (const EventRecord& record : the_case.events) {
    const Source& source = the_case.source(record.head.source);
    if (logs.is_twin(source.id)) {
      ++entry(answers, LeftOutWhy::kSeenBefore, source, record.where()).events;
    } else if (!logs.is_own(source.id)) {
      ++entry(answers, LeftOutWhy::kOtherComputer, source, source.summary.computer_where).events;
    } else if (!may_stand_in(record.head.key.source, record.log())) {
      ++entry(answers, LeftOutWhy::kWrongLog, source, record.where()).events;
    } else {
      unique.take(record);
    }
  }
}

}  // namespace iwamtrace
