// Event records by themselves, one JSON object a line.
#pragma once

#include "model/event_record.h"
#include "report/json_writer.h"

namespace iwamtrace {

// Appends the record and a newline. Members that are unknown are left out, an empty message among
// them; a time of 0 is null.
void append_jsonl(const EventRecord& record, UntrustedView message, JsonWriter& json);

}  // namespace iwamtrace
