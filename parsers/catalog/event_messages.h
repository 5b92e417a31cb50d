// What an event says, on one line, in the classic English wording that Windows 2000 to 2003 show;
// records of NT6 too. From the names of a record's strings, so one text serves all layouts of an
// event. Wording: Microsoft's message files as KB articles and real logs show them; titles of
// events that no source at hand quotes are the usual ones.
#pragma once

#include "model/event_record.h"

namespace iwamtrace {

// Of a record whose fields are named. At most 4 KiB; empty for an event without a message.
Untrusted message_of(const EventRecord& record);

}  // namespace iwamtrace
