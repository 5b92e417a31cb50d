// Which events are about the IWAM account and the pooled applications.
#pragma once

#include <optional>
#include <vector>

#include "model/case.h"
#include "model/report.h"

namespace iwamtrace {

// A DCOM event that names the pooled applications or, as the user to log on, the IWAM account.
bool concerns_pooled_applications(const EventRecord& record, const IwamAnswer& iwam);

// A Security event whose target is the IWAM account: by name and, where the record has them, by
// domain and SID: a former account of that name, one of a domain and one of another machine are
// somebody else.
bool targets_iwam(const EventRecord& record, const Answers& answers);

// The Win32 code inside a DCOM event: "1326", "%%1326", or its text as some exports render it.
std::optional<std::uint32_t> dcom_error(const EventRecord& record);

// A logon of the account of the kind that DCOM makes to run a server: batch.
bool is_batch_logon(const EventRecord& record);

// A password of IWAM that was set, as Windows 2000 (627), XP, 2003 and NT6 log it; only successes.
bool sets_iwam_password(const EventRecord& record, const Answers& answers);

// A batch logon of IWAM: DCOM could start its process, so COM+ and the SAM agreed at that moment.
bool is_iwam_start(const EventRecord& record, const Answers& answers);

// IIS 6 in worker process mode starts no dllhost: then IWAM's password explains nothing.
bool uses_iwam(const CopiesAnswer& copies);

// Whether anything failed after the SAM's and COM+'s passwords were set.
bool failed_since_set(const Answers& answers);

// Who did it, from the record alone; nothing where it does not say.
std::optional<Actor> actor_of(const EventRecord& record);

// "DOMAIN\user" of the record's subject, or of its target.
Untrusted subject_of(const EventRecord& record);
// " by DOMAIN\\user", or nothing.
Untrusted by_whom(const EventRecord& record);

// From the first to the last record of every log of that name: what was searched for an absence.
std::vector<Citation> searched(const Case& the_case, std::string_view log);

}  // namespace iwamtrace
