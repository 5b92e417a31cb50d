#include "evtx_examples.h"

#include <gtest/gtest.h>

namespace iwamtrace {
namespace {

using Node = EvtxNode;
using Value = EvtxValue;

constexpr std::string_view kEventTag =
    "<Event xmlns=\"http://schemas.microsoft.com/win/2004/08/events/event\">";
}  // namespace

EvtxEvent example_dcom() {
  return EvtxEvent{
      .provider = "Microsoft-Windows-DistributedCOM",
      .provider_guid = "{1B562E86-B7AA-4131-BADC-B6F3A001407E}",
      .event_source_name = "DCOM",
      .event_id = 10004,
      .qualifiers = 0xC000,
      .level = 2,
      .keywords = 0x8080000000000000,
      .time = time_of("2012-03-04T05:06:07.8900001Z"),
      .process_id = 700,
      .thread_id = 4711,
      .channel = "System",
      .computer = "WEB1.example.com",
      .user = well_known::kSystem,
      .payload = EvtxEventData{
          .fields = {
              {"param1", "1326"}, {"param2", "."}, {"param3", "IWAM_WEB1"}, {"param4", ""}}}};
}

EvtxEvent example_log_cleared() {
  EvtxEvent event = example_dcom();
  event.event_id = 1102;
  event.payload = Node::element(
      "LogFileCleared",
      {Node::attribute("xmlns:auto-ns3", {Node::literal("http://schemas.example/events")}),
       Node::attribute("xmlns", {Node::literal("http://manifests.example/eventlog")})},
      {Node::element("SubjectUserSid", {}, {Node::value(Value::sid(well_known::kSystem))}),
       Node::element("SubjectUserName", {Node::attribute("Kind", {Node::optional("x")})},
                     {Node::value("IWAM_WEB1")}),
       Node::element("NotGiven", {}, {Node::optional(Value::null())}),
       Node::element("Plain", {Node::attribute("Kind", {Node::optional(Value::null())})},
                     {Node::literal("text")}),
       Node::element("SubjectLogonId", {}, {Node::value(Value::hex64(0x3E7))}),
       Node::element("Empty")});
  return event;
}

EvtxEvent with_fields(EvtxEvent event, std::vector<EvtxField> fields) {
  event.payload = EvtxEventData{.fields = std::move(fields)};
  return event;
}

EvtxEvent in_form(EvtxEvent event, EvtxForm form) {
  event.form = form;
  return event;
}

Timestamp time_of(std::string_view iso) { return Timestamp::from_iso(iso).value(); }

const std::string_view kExampleDcomSystem =
    "<System>"
    "<Provider Name=\"Microsoft-Windows-DistributedCOM\" "
    "Guid=\"{1B562E86-B7AA-4131-BADC-B6F3A001407E}\" EventSourceName=\"DCOM\"/>"
    "<EventID Qualifiers=\"49152\">10004</EventID>"
    "<Version>0</Version><Level>2</Level><Task>0</Task><Opcode>0</Opcode>"
    "<Keywords>0x8080000000000000</Keywords>"
    "<TimeCreated SystemTime=\"2012-03-04T05:06:07.890000100Z\"/>"
    "<EventRecordID>1</EventRecordID>"
    "<Correlation/><Execution ProcessID=\"700\" ThreadID=\"4711\"/>"
    "<Channel>System</Channel><Computer>WEB1.example.com</Computer>"
    "<Security UserID=\"S-1-5-18\"/>"
    "</System>";

std::string event_xml(std::string_view system, std::string_view payload) {
  return std::string(kEventTag) + std::string(system) + std::string(payload) + "</Event>";
}

std::string evtx_payload_of(std::string_view xml) {
  const std::size_t begin = xml.find("</System>") + 9;
  return std::string(xml.substr(begin, xml.rfind("</Event>") - begin));
}

std::vector<std::string> evtx_exported(const TemporaryFile& file) {
  const ToolRun run = run_tool("evtxexport", {"-f", "xml"}, file);
  EXPECT_EQ(run.exit_code, 0) << run.out;
  EXPECT_EQ(run.out.find("Unable"), std::string::npos) << run.out;
  std::vector<std::string> records;
  for (const std::string& line : lines_of(run.out)) {
    const std::size_t start = line.find_first_not_of(' ');
    if (line.starts_with("<Event ")) {
      records.emplace_back();
    }
    if (!records.empty() && start != std::string::npos) {
      records.back() += line.substr(start);
    }
  }
  return records;
}

}  // namespace iwamtrace
