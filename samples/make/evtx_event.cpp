#include "make/evtx_event.h"

#include <utility>

namespace iwamtrace {
namespace {

// Where Windows puts the System values in the template of an event.
enum SystemSlot : std::uint16_t {
  kLevelSlot = 0,
  kOpcodeSlot = 1,
  kTaskSlot = 2,
  kEventIdSlot = 3,
  kQualifiersSlot = 4,
  kKeywordsSlot = 5,
  kTimeSlot = 6,
  kActivitySlot = 7,
  kProcessSlot = 8,
  kThreadSlot = 9,
  kRecordSlot = 10,
  kVersionSlot = 11,
  kUserSlot = 12,
  kRelatedActivitySlot = 13,
  kPayloadSlot = 17,  // 14 to 16 hold provider and channel where the template does not
};

constexpr std::string_view kEventSchema = "http://schemas.microsoft.com/win/2004/08/events/event";

using Nodes = std::vector<EvtxNode>;

EvtxNode literal_attribute(std::string_view name, std::string_view text) {
  return EvtxNode::attribute(name, {EvtxNode::literal(text)});
}

EvtxNode value_attribute(std::string_view name, EvtxValue value, std::uint16_t slot) {
  return EvtxNode::attribute(name, {EvtxNode::optional(std::move(value), slot)});
}

EvtxNode value_element(std::string_view name, EvtxValue value, std::uint16_t slot) {
  return EvtxNode::element(name, {}, {EvtxNode::optional(std::move(value), slot)});
}

EvtxValue guid_or_null(const std::optional<std::string>& guid) {
  return guid ? EvtxValue::guid(*guid) : EvtxValue::null(BinXmlType::kGuid);
}

EvtxNode provider_of(const EvtxEvent& event) {
  Nodes attributes{literal_attribute("Name", event.provider)};
  if (event.provider_guid) {
    attributes.push_back(literal_attribute("Guid", *event.provider_guid));
  }
  if (event.event_source_name) {
    attributes.push_back(literal_attribute("EventSourceName", *event.event_source_name));
  }
  return EvtxNode::element("Provider", std::move(attributes));
}

EvtxNode event_id_of(const EvtxEvent& event) {
  const EvtxValue qualifiers = event.qualifiers ? EvtxValue::uint16(*event.qualifiers)
                                                : EvtxValue::null(BinXmlType::kUint16, 2);
  return EvtxNode::element("EventID", {value_attribute("Qualifiers", qualifiers, kQualifiersSlot)},
                           {EvtxNode::optional(EvtxValue::uint16(event.event_id), kEventIdSlot)});
}

EvtxNode correlation_of(const EvtxEvent& event) {
  return EvtxNode::element(
      "Correlation", {value_attribute("ActivityID", guid_or_null(event.activity_id), kActivitySlot),
                      value_attribute("RelatedActivityID", guid_or_null(event.related_activity_id),
                                      kRelatedActivitySlot)});
}

EvtxNode system_of(const EvtxEvent& event, std::uint64_t record_id) {
  Nodes fields{provider_of(event), event_id_of(event)};
  if (event.version) {
    fields.push_back(value_element("Version", EvtxValue::uint8(*event.version), kVersionSlot));
  }
  fields.push_back(value_element("Level", EvtxValue::uint8(event.level), kLevelSlot));
  fields.push_back(value_element("Task", EvtxValue::uint16(event.task), kTaskSlot));
  if (event.opcode) {
    fields.push_back(value_element("Opcode", EvtxValue::uint8(*event.opcode), kOpcodeSlot));
  }
  fields.push_back(value_element("Keywords", EvtxValue::hex64(event.keywords), kKeywordsSlot));
  fields.push_back(EvtxNode::element(
      "TimeCreated", {value_attribute("SystemTime", EvtxValue::filetime(event.time), kTimeSlot)}));
  fields.push_back(value_element("EventRecordID", EvtxValue::uint64(record_id), kRecordSlot));
  fields.push_back(correlation_of(event));
  if (event.process_id && event.thread_id) {
    fields.push_back(EvtxNode::element(
        "Execution",
        {value_attribute("ProcessID", EvtxValue::uint32(*event.process_id), kProcessSlot),
         value_attribute("ThreadID", EvtxValue::uint32(*event.thread_id), kThreadSlot)}));
  }
  fields.push_back(EvtxNode::element("Channel", {}, {EvtxNode::literal(event.channel)}));
  fields.push_back(EvtxNode::element("Computer", {}, {EvtxNode::literal(event.computer)}));
  const EvtxValue user =
      event.user ? EvtxValue::sid(*event.user) : EvtxValue::null(BinXmlType::kSid);
  fields.push_back(EvtxNode::element("Security", {value_attribute("UserID", user, kUserSlot)}));
  return EvtxNode::element("System", {}, std::move(fields));
}

// Windows hands over the number of bytes before the bytes, although no event shows it.
void add_binary(Nodes& fields, const EvtxEventData& data, bool classic) {
  if (data.binary) {
    fields.push_back(
        EvtxNode::hidden(EvtxValue::uint32(static_cast<std::uint32_t>(data.binary->size()))));
    fields.push_back(
        EvtxNode::element("Binary", {}, {EvtxNode::optional(EvtxValue::binary(*data.binary))}));
  } else if (classic) {
    fields.push_back(EvtxNode::hidden(EvtxValue::uint32(0)));
    fields.push_back(EvtxNode::element("Binary", {},
                                       {EvtxNode::optional(EvtxValue::null(BinXmlType::kBinary))}));
  }
}

EvtxNode event_data_of(const EvtxEventData& data) {
  Nodes fields;
  bool classic = false;
  for (const EvtxField& field : data.fields) {
    const bool nameless_array =
        field.name.empty() && (field.value.declared & EvtxValue::kArray) != 0;
    classic = classic || nameless_array;
    fields.push_back(EvtxNode::element(
        "Data", field.name.empty() ? Nodes{} : Nodes{literal_attribute("Name", field.name)},
        {nameless_array ? EvtxNode::optional(field.value) : EvtxNode::value(field.value)}));
  }
  add_binary(fields, data, classic);
  return EvtxNode::element("EventData", {}, std::move(fields));
}

std::optional<EvtxNode> payload_of(const EvtxEvent& event) {
  if (const auto* data = std::get_if<EvtxEventData>(&event.payload)) {
    return event_data_of(*data);
  }
  if (const auto* user = std::get_if<EvtxNode>(&event.payload)) {
    return EvtxNode::element("UserData", {}, {*user});
  }
  return std::nullopt;
}

EvtxNode payload_in_its_place(EvtxNode payload, EvtxForm form) {
  switch (form) {
    case EvtxForm::kNestedTemplates:
      return EvtxNode::fragment(std::move(payload), kPayloadSlot);
    case EvtxForm::kEmbeddedPayload:
      return EvtxNode::embedded(std::move(payload), kPayloadSlot);
    case EvtxForm::kOneTemplate:
    case EvtxForm::kNoTemplate:
      break;
  }
  return payload;
}

}  // namespace

EvtxEventData EvtxEventData::classic(const std::vector<std::string>& strings,
                                     std::optional<std::string> binary) {
  EvtxEventData data;
  data.fields.push_back(EvtxField{.name = {}, .value = EvtxValue::strings(strings)});
  data.binary = std::move(binary);
  return data;
}

EvtxNode xml_of(const EvtxEvent& event, std::uint64_t record_id) {
  Nodes content{system_of(event, record_id)};
  if (std::optional<EvtxNode> payload = payload_of(event)) {
    content.push_back(payload_in_its_place(std::move(*payload), event.form));
  }
  return EvtxNode::element("Event", {literal_attribute("xmlns", kEventSchema)}, std::move(content));
}

}  // namespace iwamtrace
