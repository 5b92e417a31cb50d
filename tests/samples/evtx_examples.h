// Events for the tests of the .evtx writer, and how the judges tell them.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "make/evtx_event.h"
#include "tests/support/outside_tool.h"

namespace iwamtrace {

inline constexpr std::array<EvtxForm, 4> kEvtxForms{EvtxForm::kNestedTemplates,
                                                    EvtxForm::kEmbeddedPayload,
                                                    EvtxForm::kOneTemplate, EvtxForm::kNoTemplate};

EvtxEvent example_dcom();         // four named strings in EventData
EvtxEvent example_log_cleared();  // UserData
EvtxEvent with_fields(EvtxEvent event, std::vector<EvtxField> fields);
EvtxEvent in_form(EvtxEvent event, EvtxForm form);
Timestamp time_of(std::string_view iso);

// The System element of example_dcom() as record 1.
extern const std::string_view kExampleDcomSystem;
std::string event_xml(std::string_view system, std::string_view payload);
// What stands between </System> and </Event>.
std::string evtx_payload_of(std::string_view xml);

// evtxexport's XML of each record, without the white space it puts between elements; every
// complaint of the tool fails the test.
std::vector<std::string> evtx_exported(const TemporaryFile& file);

}  // namespace iwamtrace
