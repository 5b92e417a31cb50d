// Which failures followed, and what reason does Windows itself give for them?
#include <algorithm>
#include <map>

#include "analyzers/iwam_events.h"
#include "analyzers/questions.h"
#include "model/codes.h"

namespace iwamtrace {
namespace {

// W3SVC 36 puts COM's reason in words, in the language of the server, or as a code.
Untrusted meaning_of_unloaded(UntrustedView error) {
  struct Reason {
    std::string_view code, words, meaning;
  };
  constexpr std::array kReasons{
      Reason{"8000401A", "configured identity is incorrect",
             "the configured identity is incorrect"},
      Reason{"80080005", "Server execution failed", "the server process did not answer in time"},
      Reason{"80070005", "ccess denied", "access denied"},
      Reason{"80070005", "ccess is denied", "access denied"},
      Reason{"80040154", "Class not registered", "a class is not registered"},
  };
  for (const Reason& reason : kReasons) {
    if (error.contains(reason.code) || error.contains(reason.words)) {
      return say(reason.meaning);
    }
  }
  return say(error);
}

void add(FailuresAnswer& failures, const std::string& what, Untrusted meaning,
         const EventRecord& record) {
  auto group = std::ranges::find(failures.groups, what, &FailuresAnswer::Group::what);
  if (group == failures.groups.end()) {
    failures.groups.push_back(FailuresAnswer::Group{what, std::move(meaning), {}});
    group = failures.groups.end() - 1;
  }
  group->records.push_back(&record);
}

void add_logon_failure(FailuresAnswer& failures, const EventRecord& record) {
  failures.logon_failures.push_back(&record);
  const auto code = dcom_error(record);
  const std::string_view known = code ? win32_error(*code) : std::string_view{};
  add(failures, "DCOM 10004" + (code ? ", " + std::to_string(*code) : std::string{}),
      known.empty() ? say("the logon failed: ", record.field("Error")) : say(known), record);
}

// Also one that has no record that any question asks for.
bool has_own_system_log(const Case& the_case, const Answers& answers) {
  return std::ranges::any_of(the_case.sources, [&](const Source& source) {
    const bool left_out = std::ranges::any_of(answers.left_out, [&](const LeftOut& one) {
      return one.source == source.id && one.why != LeftOut::Why::kWrongLog;
    });
    return !left_out && source.summary.log.is("System") && source.summary.records != 0;
  });
}

}  // namespace

void find_pooled_failures(const Case& the_case, Answers& answers) {
  FailuresAnswer& failures = answers.failures;
  failures.observable = std::ranges::any_of(answers.events,
                                            [](const EventRecord* record) {
                                              return record->log().is("System") ||
                                                     record->log().is("ForwardedEvents");
                                            }) ||
                        has_own_system_log(the_case, answers);
  for (const EventRecord* own : answers.events) {
    const EventRecord& record = *own;
    const EventKey key = record.head.key;
    if (key == events::kDcomLogonFailed && concerns_pooled_applications(record, answers.iwam)) {
      add_logon_failure(failures, record);
    } else if (key == events::kDcomTimeout && record.field("ServerId").is(kPooledApplications)) {
      failures.timeouts.push_back(&record);
      add(failures, "DCOM 10010", say("the pooled applications did not register in time"), record);
    } else if (key == events::kApplicationNotLoaded) {
      failures.unloaded.push_back(&record);
      add(failures, "W3SVC 36", meaning_of_unloaded(record.field("Error")), record);
    } else if (key == events::kLogonFailed && targets_iwam(record, answers) &&
               is_batch_logon(record)) {
      failures.refused_logons.push_back(&record);
    }
  }
}

}  // namespace iwamtrace
