// Which failures followed, and what reason does Windows itself give for them?
#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "analyzers/iis_services.h"
#include "analyzers/iwam_events.h"
#include "analyzers/own_evidence.h"
#include "analyzers/questions.h"
#include "model/codes.h"

namespace iwamtrace {
namespace {

constexpr std::uint32_t kAccessDenied = 0x80070005;

// W3SVC 36 puts COM's reason in words, in the language of the server, or as a code.
std::optional<std::uint32_t> reason_of_unloaded(UntrustedView error) {
  using Words = std::pair<std::string_view, std::uint32_t>;
  constexpr std::array kWords{
      Words{"configured identity is incorrect", 0x8000401A},
      Words{"Server execution failed", 0x80080005},
      Words{"ccess denied", kAccessDenied},
      Words{"ccess is denied", kAccessDenied},
      Words{"Class not registered", 0x80040154},
      Words{"no such interface supported", 0x80004002},
  };
  for (const auto& [words, code] : kWords) {
    if (error.contains(words)) {
      return code;
    }
  }
  for (const NamedCode& known : hresults()) {
    if (error.contains(eight_digits(known.code))) {
      return known.code;
    }
  }
  for (const NamedCode& known : win32_errors()) {
    if (error.contains(eight_digits(kWin32Facility | known.code))) {
      return kWin32Facility | known.code;
    }
  }
  return std::nullopt;
}

Untrusted meaning_of_unloaded(UntrustedView error) {
  const auto code = reason_of_unloaded(error);
  if (!code) {
    return say(error);
  }
  const NamedCode* known = named_code(hresults(), *code);
  return say(known == nullptr ? win32_error(*code & ~kFacilityMask) : known->meaning);
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

bool is_refused_start(const EventRecord& record) {
  constexpr std::array kKeys{events::kDcomCannotStartServer, events::kDcomCannotStartServerAs,
                             events::kDcomLaunchDenied, events::kDcomDefaultLaunchDenied,
                             events::kDcomPermissionMissing};
  return std::ranges::find(kKeys, record.head.key) != kKeys.end() &&
         record.field("ServerId").is(kPooledApplications);
}

void add_refused_start(FailuresAnswer& failures, const EventRecord& record) {
  failures.refused_starts.push_back(&record);
  const auto code = dcom_error(record);
  const std::string_view known = code ? win32_error(*code) : std::string_view{};
  add(failures,
      "DCOM " + std::to_string(record.head.event_id) + (code ? ", " + std::to_string(*code) : ""),
      record.field("Error").empty()
          ? say("the start of the pooled applications was denied")
          : say("their process could not be started: ",
                known.empty() ? record.field("Error") : UntrustedView{known}),
      record);
}

void add_failed_service(FailuresAnswer& failures, const EventRecord& record) {
  failures.services.push_back(&record);
  const auto code = dcom_error(record);
  const std::string_view known = code ? win32_error(*code) : std::string_view{};
  const bool dcom = record.head.key.source == EventSource::kDcom;
  add(failures, (dcom ? "DCOM " : "SCM ") + std::to_string(record.head.event_id),
      say(record.field("ServiceName"),
          " did not start: ", known.empty() ? record.field("Error") : UntrustedView{known}),
      record);
}

// Also one that has no record that any question asks for.
bool has_own_system_log(const Case& the_case, const Answers& answers) {
  return std::ranges::any_of(the_case.sources, [&](const Source& source) {
    return !is_left_out(answers, source.id) && source.summary.log.is("System") &&
           source.summary.records != 0;
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
    } else if (is_refused_start(record)) {
      add_refused_start(failures, record);
    } else if (is_failed_start_of_iis(record)) {
      add_failed_service(failures, record);
    } else if (key == events::kPoolIdentityInvalid) {
      failures.pools.push_back(&record);
      add(failures, "W3SVC 1021", say("the identity of an application pool is invalid"), record);
    } else if (key == events::kLogonFailed && targets_iwam(record, answers) &&
               is_batch_logon(record)) {
      failures.refused_logons.push_back(&record);
    }
  }
}

}  // namespace iwamtrace
