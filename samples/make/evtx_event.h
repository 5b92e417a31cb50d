// An event of Windows Vista and later as it is to be written: its System fields, its payload as
// typed values or as a tree of XML, and the form in which the record is to hold them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "make/evtx_node.h"
#include "make/evtx_value.h"
#include "model/sid.h"
#include "model/timestamp.h"

namespace iwamtrace {

struct EvtxField {
  std::string name{};  // empty where the provider names none
  EvtxValue value{};   // a reader shows the element once for each item of an array
};

struct EvtxEventData {
  std::vector<EvtxField> fields{};
  std::optional<std::string> binary{};

  // As ReportEvent stores it: all strings in one array without a name.
  static EvtxEventData classic(const std::vector<std::string>& strings,
                               std::optional<std::string> binary = std::nullopt);
};

enum class EvtxForm : std::uint8_t {
  kNestedTemplates,  // as nearly all are: the payload, with its template, is a value of the event's
  kEmbeddedPayload,  // the payload is such a value too, but has its text in place (CAPI2)
  kOneTemplate,      // one template for all
  kNoTemplate,       // all text in place, as forwarded events are stored
};

// Text is UTF-8; lone surrogates may be given as WTF-8.
struct EvtxEvent {
  std::string provider{};
  std::optional<std::string> provider_guid{};  // as given; Windows writes it in braces
  std::optional<std::string> event_source_name{};
  std::uint16_t event_id = 0;
  std::optional<std::uint16_t> qualifiers{};
  std::optional<std::uint8_t> version = 0;  // elements that hold nothing are left out
  std::uint8_t level = 0;
  std::uint16_t task = 0;
  std::optional<std::uint8_t> opcode = 0;
  std::uint64_t keywords = 0;
  Timestamp time{};                          // System/TimeCreated
  std::optional<Timestamp> header_time{};    // of the record's header; `time` by default
  std::optional<std::uint64_t> record_id{};  // one more than the record before by default
  std::optional<std::uint32_t> process_id = 0, thread_id = 0;
  std::optional<std::string> activity_id{}, related_activity_id{};  // GUIDs
  std::string channel{};
  std::string computer{};
  std::optional<Sid> user{};
  // EventData, or the one element within UserData, or neither.
  std::variant<std::monostate, EvtxEventData, EvtxNode> payload{};
  EvtxForm form = EvtxForm::kNestedTemplates;
};

// The whole event as XML, its values in the slots Windows gives them.
EvtxNode xml_of(const EvtxEvent& event, std::uint64_t record_id);

}  // namespace iwamtrace
