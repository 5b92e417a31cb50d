// Whether every kind of value and every form of an event is stored as it should be.
#include "make/evtx_event.h"

#include <gtest/gtest.h>
#include <stdexcept>

#include "evtx_examples.h"
#include "make/bytes.h"
#include "make/evtx_writer.h"
#include "strict_evtx.h"
#include "tests/support/outside_tool.h"

namespace iwamtrace {
namespace {

using Node = EvtxNode;
using Value = EvtxValue;

std::string xml_of_only_record(const EvtxEvent& event) {
  const StrictFile file = read_evtx_strictly(EvtxWriter().record(event).bytes());
  return file.chunks.at(0).records.at(0).xml;
}

TEST(EvtxEvent, EveryFormTellsTheSameEvent) {
  const std::string payload =
      "<EventData><Data Name=\"param1\">1326</Data><Data Name=\"param2\">.</Data>"
      "<Data Name=\"param3\">IWAM_WEB1</Data><Data Name=\"param4\"></Data></EventData>";
  for (const EvtxForm form : kEvtxForms) {
    EXPECT_EQ(xml_of_only_record(in_form(example_dcom(), form)),
              event_xml(kExampleDcomSystem, payload));
  }
}

TEST(EvtxEvent, EvtxexportReadsEveryFieldOfTheSystemPart) {
  IWAMTRACE_NEEDS_TOOL("evtxexport", "libevtx-utils");
  EvtxEvent event = example_dcom();
  event.payload = EvtxEventData{.fields = {{"param1", "1326"}}};
  EvtxEvent other{.provider = "EventLog",
                  .event_id = 6011,
                  .version = std::nullopt,
                  .level = 4,
                  .task = 7,
                  .opcode = std::nullopt,
                  .keywords = 0x80000000000000,
                  .time = time_of("2015-06-23T06:00:48Z"),
                  .header_time = time_of("1999-01-01T00:00:00Z"),
                  .record_id = 900,
                  .process_id = std::nullopt,
                  .activity_id = "1b562e86-b7aa-4131-badc-b6f3a001407e",
                  .related_activity_id = "{2b562e86-b7aa-4131-badc-b6f3a001407e}",
                  .channel = "System",
                  .computer = "W2",
                  .payload = EvtxEventData{.fields = {{"param1", "Zürich 漢字"}}}};
  const TemporaryFile file("system.evtx", EvtxWriter().record(event).record(other).bytes());
  const std::vector<std::string> records = evtx_exported(file);
  ASSERT_EQ(records.size(), 2U);
  EXPECT_EQ(records[0], event_xml(kExampleDcomSystem,
                                  "<EventData><Data Name=\"param1\">1326</Data></EventData>"));
  EXPECT_EQ(records[1],
            event_xml("<System><Provider Name=\"EventLog\"/><EventID>6011</EventID>"
                      "<Level>4</Level><Task>7</Task><Keywords>0x0080000000000000</Keywords>"
                      "<TimeCreated SystemTime=\"2015-06-23T06:00:48.000000000Z\"/>"
                      "<EventRecordID>900</EventRecordID>"
                      "<Correlation ActivityID=\"{1B562E86-B7AA-4131-BADC-B6F3A001407E}\" "
                      "RelatedActivityID=\"{2B562E86-B7AA-4131-BADC-B6F3A001407E}\"/>"
                      "<Channel>System</Channel><Computer>W2</Computer><Security/></System>",
                      "<EventData><Data Name=\"param1\">Zürich 漢字</Data></EventData>"));
}

TEST(EvtxEvent, HeaderTimeMayDifferFromTimeCreated) {
  EvtxEvent event = example_dcom();
  event.header_time = time_of("1999-01-01T00:00:00Z");
  EvtxWriter log;
  const StrictFile file = read_evtx_strictly(log.record(event).record(example_dcom()).bytes());
  const auto& records = file.chunks.at(0).records;
  EXPECT_EQ(records.at(0).written, filetime_of(time_of("1999-01-01T00:00:00Z")));
  EXPECT_EQ(records.at(1).written, filetime_of(example_dcom().time));
  EXPECT_NE(records.at(0).xml.find("SystemTime=\"2012-03-04T05:06:07.890000100Z\""),
            std::string::npos);
}

struct TypedValue {
  Value value;
  std::vector<std::string> shown;
  bool libevtx_fails = false;  // libevtx 20181227 shows it wrongly or not at all
};

std::vector<TypedValue> typed_values() {
  const Timestamp time = time_of("2012-03-04T05:06:07.8900001Z");
  const std::string guid = "{1B562E86-B7AA-4131-BADC-B6F3A001407E}";
  return {
      {Value::text("Zürich"), {"Zürich"}},
      {Value::ansi("plain"), {"plain"}},
      {Value::int8(-5), {"-5"}, true},
      {Value::int8(5), {"5"}},
      {Value::uint8(200), {"200"}},
      {Value::int16(-300), {"-300"}, true},
      {Value::uint16(60000), {"60000"}},
      {Value::int32(-70000), {"-70000"}, true},
      {Value::int32(70000), {"70000"}},
      {Value::uint32(4000000000), {"4000000000"}},
      {Value::int64(-5000000000), {"-5000000000"}, true},
      {Value::uint64(18000000000000000000U), {"18000000000000000000"}},
      {Value::float32(1.5F), {"1.5"}, true},
      {Value::float64(-0.25), {"-0.25"}, true},
      {Value::boolean(true), {"true"}},
      {Value::boolean(false), {"false"}},
      {Value::binary("\xDE\xAD\xBE"), {"DEADBE"}},
      {Value::guid(guid), {guid}},
      {Value::size32(0xABCDEF), {"0xabcdef"}, true},
      {Value::size64(0x123456789AB), {"0x123456789ab"}, true},
      {Value::pointer(0x12345678), {"0x12345678"}, true},
      {Value::filetime(time), {"2012-03-04T05:06:07.890000100Z"}},
      {Value::system_time(time), {"2012-03-04T05:06:07.890Z"}},
      {Value::sid(well_known::kAdministrators), {"S-1-5-32-544"}},
      {Value::hex32(0xC000006D), {"0xc000006d"}},
      {Value::hex64(0xC000006D12345678), {"0xc000006d12345678"}},
      {Value::null(), {}, true},
      {Value::null(BinXmlType::kGuid, 16), {}, true},
      {Value::strings({"x", "", "y z"}), {"x", "", "y z"}},
      {Value::array({Value::ansi("a"), Value::ansi("b")}), {"a", "b"}},
      {Value::array({Value::uint8(1), Value::uint8(2)}), {"1", "2"}},
      {Value::array({Value::int16(1), Value::int16(2)}), {"1", "2"}},
      {Value::array({Value::uint32(1), Value::uint32(2)}), {"1", "2"}},
      {Value::array({Value::uint64(1), Value::uint64(2)}), {"1", "2"}},
      {Value::array({Value::float64(0.5), Value::float64(2)}), {"0.5", "2"}, true},
      {Value::array({Value::boolean(true), Value::boolean(false)}), {"true", "false"}, true},
      {Value::array({Value::guid(guid), Value::guid(guid)}), {guid, guid}},
      {Value::array({Value::size64(1), Value::size64(2)}), {"0x1", "0x2"}, true},
      {Value::array({Value::filetime(time), Value::filetime(Timestamp{})}),
       {"2012-03-04T05:06:07.890000100Z", "1601-01-01T00:00:00.000000000Z"}},
      {Value::array({Value::system_time(time)}), {"2012-03-04T05:06:07.890Z"}},
      {Value::array({Value::sid(well_known::kSystem), Value::sid(well_known::kUsers)}),
       {"S-1-5-18", "S-1-5-32-545"},
       true},
      {Value::array({Value::hex32(0xC000006D), Value::hex32(0xC0000064)}),
       {"0xc000006d", "0xc0000064"}},
      {Value::array({Value::hex64(0xC000006D12345678)}), {"0xc000006d12345678"}},
  };
}

std::string data_elements(const std::vector<std::string>& texts, bool self_closing) {
  std::string xml;
  for (const std::string& text : texts) {
    xml += text.empty() && self_closing ? "<Data Name=\"v\"/>"
                                        : "<Data Name=\"v\">" + text + "</Data>";
  }
  return xml;
}

TEST(EvtxEvent, EveryTypeOfValueIsStoredAndShown) {
  for (const TypedValue& typed : typed_values()) {
    ASSERT_EQ(typed.value.texts, typed.shown);
    const std::string data =
        typed.shown.empty() ? "<Data Name=\"v\"></Data>" : data_elements(typed.shown, false);
    const EvtxEvent event = with_fields(example_dcom(), {{"v", typed.value}, {"", "end"}});
    for (const EvtxForm form : kEvtxForms) {
      EXPECT_EQ(evtx_payload_of(xml_of_only_record(in_form(event, form))),
                "<EventData>" + data + "<Data>end</Data></EventData>");
    }
  }
}

TEST(EvtxEvent, EvtxexportShowsTheTypesItKnows) {
  IWAMTRACE_NEEDS_TOOL("evtxexport", "libevtx-utils");
  EvtxWriter log;
  std::vector<std::string> expected;
  for (const TypedValue& typed : typed_values()) {
    if (typed.libevtx_fails) {
      continue;
    }
    for (const EvtxForm form :
         {EvtxForm::kNestedTemplates, EvtxForm::kEmbeddedPayload, EvtxForm::kOneTemplate}) {
      log.record(in_form(with_fields(example_dcom(), {{"v", typed.value}}), form));
      expected.push_back("<EventData>" + data_elements(typed.shown, true) + "</EventData>");
    }
  }
  const TemporaryFile file("types.evtx", log.bytes());
  const std::vector<std::string> records = evtx_exported(file);
  ASSERT_EQ(records.size(), expected.size());
  for (std::size_t i = 0; i < records.size(); ++i) {
    EXPECT_EQ(evtx_payload_of(records[i]), expected[i]);
  }
}

TEST(EvtxEvent, ArraysAreOfOneTypeAndNotEmpty) {
  EXPECT_THROW(Value::array({}), std::invalid_argument);
  EXPECT_THROW(Value::array({Value::uint8(1), Value::uint16(1)}), std::invalid_argument);
  EXPECT_THROW(Value::array({Value::null()}), std::invalid_argument);
  EXPECT_THROW(Value::array({Value::binary("x")}), std::invalid_argument);
  EXPECT_THROW(Value::array({Value::strings({"x"})}), std::invalid_argument);
}

TEST(EvtxEvent, ClassicEventsRepeatTheirDataAndMayLackIt) {
  const std::vector<std::pair<EvtxEventData, std::string>> cases{
      {EvtxEventData::classic({"a", "b c"}, "\x01\xFF"),
       "<EventData><Data>a</Data><Data>b c</Data><Binary>01FF</Binary></EventData>"},
      {EvtxEventData::classic({"a"}), "<EventData><Data>a</Data></EventData>"},
      {EvtxEventData::classic({}, "\x02"), "<EventData><Binary>02</Binary></EventData>"},
  };
  EvtxWriter log;
  std::vector<std::string> expected;
  for (const auto& [payload, xml] : cases) {
    EvtxEvent event = example_dcom();
    event.payload = payload;
    for (const EvtxForm form : kEvtxForms) {
      EXPECT_EQ(evtx_payload_of(xml_of_only_record(in_form(event, form))), xml);
    }
    log.record(event).record(in_form(event, EvtxForm::kOneTemplate));
    expected.insert(expected.end(), 2, xml);
  }
  IWAMTRACE_NEEDS_TOOL("evtxexport", "libevtx-utils");
  const TemporaryFile file("classic.evtx", log.bytes());
  const std::vector<std::string> records = evtx_exported(file);
  ASSERT_EQ(records.size(), expected.size());
  for (std::size_t i = 0; i < records.size(); ++i) {
    EXPECT_EQ(evtx_payload_of(records[i]), expected[i]);
  }
}

TEST(EvtxEvent, EmptyPayloadsStay) {
  EvtxEvent event = example_dcom();
  event.payload = {};
  EvtxEvent empty = example_dcom();
  empty.payload = EvtxEventData{};
  for (const EvtxForm form : kEvtxForms) {
    EXPECT_EQ(xml_of_only_record(in_form(event, form)), event_xml(kExampleDcomSystem, ""));
    EXPECT_EQ(xml_of_only_record(in_form(empty, form)),
              event_xml(kExampleDcomSystem, "<EventData/>"));
  }
}

constexpr std::string_view kLogCleared =
    "<UserData><LogFileCleared xmlns:auto-ns3=\"http://schemas.example/events\" "
    "xmlns=\"http://manifests.example/eventlog\">"
    "<SubjectUserSid>S-1-5-18</SubjectUserSid>"
    "<SubjectUserName Kind=\"x\">IWAM_WEB1</SubjectUserName>"
    "<Plain>text</Plain><SubjectLogonId>0x3e7</SubjectLogonId><Empty/>"
    "</LogFileCleared></UserData>";

TEST(EvtxEvent, UserDataKeepsItsElementsAndAttributes) {
  for (const EvtxForm form : kEvtxForms) {
    EXPECT_EQ(evtx_payload_of(xml_of_only_record(in_form(example_log_cleared(), form))),
              kLogCleared);
  }
  IWAMTRACE_NEEDS_TOOL("evtxexport", "libevtx-utils");
  const TemporaryFile file("user_data.evtx",
                           EvtxWriter()
                               .record(example_log_cleared())
                               .record(in_form(example_log_cleared(), EvtxForm::kOneTemplate))
                               .bytes());
  const std::vector<std::string> records = evtx_exported(file);
  ASSERT_EQ(records.size(), 2U);
  for (const std::string& record : records) {
    std::string payload = evtx_payload_of(record);
    // libevtx fills hexadecimal numbers up with zeros.
    const std::size_t padding = payload.find("00000000000003e7");
    ASSERT_NE(padding, std::string::npos) << payload;
    EXPECT_EQ(payload.erase(padding, 13), kLogCleared);
  }
}

TEST(EvtxEvent, ReferencesAndSectionsStandBetweenText) {
  EvtxEvent event = example_dcom();
  event.payload = Node::element(
      "Mixed",
      {Node::attribute("a", {Node::literal("x"), Node::entity("quot"), Node::literal("y")})},
      {Node::literal("1 "), Node::entity("lt"), Node::entity("amp"),
       Node::character_reference(0x263A), Node::cdata("<&>"), Node::literal(" 2"),
       Node::instruction("target", "data"), Node::element("Inner"), Node::literal("3")});
  for (const EvtxForm form : kEvtxForms) {
    EXPECT_EQ(evtx_payload_of(xml_of_only_record(in_form(event, form))),
              "<UserData><Mixed a=\"x&quot;y\">1 &lt;&amp;&#9786;<![CDATA[<&>]]> 2"
              "<?target data?><Inner/>3</Mixed></UserData>");
  }
}

TEST(EvtxEvent, EvtxexportReadsEntitiesAndSections) {
  IWAMTRACE_NEEDS_TOOL("evtxexport", "libevtx-utils");
  EvtxEvent event = example_dcom();
  event.payload = Node::element(
      "Mixed", {},
      {Node::element("Text", {}, {Node::literal("a "), Node::entity("amp"), Node::literal(" b")}),
       Node::element("Section", {}, {Node::cdata("<x>&y")})});
  const TemporaryFile file("mixed.evtx", EvtxWriter().record(event).bytes());
  const std::vector<std::string> records = evtx_exported(file);
  ASSERT_EQ(records.size(), 1U);
  EXPECT_NE(records[0].find("<Text>a &amp; b</Text>"), std::string::npos) << records[0];
  EXPECT_NE(records[0].find("<![CDATA[<x>&y]]>"), std::string::npos) << records[0];
}

TEST(EvtxEvent, SurrogatesSurviveInPairsAndAlone) {
  EvtxEvent event =
      with_fields(example_dcom(), {{"\xED\xA0\x80", "a\xED\xB0\x80"}, {"x", "\xF0\x9F\x98\x80"}});
  event.computer = "\xED\xA0\xBD";
  for (const EvtxForm form : kEvtxForms) {
    const std::string xml = xml_of_only_record(in_form(event, form));
    EXPECT_NE(xml.find("<Data Name=\"\xED\xA0\x80\">a\xED\xB0\x80</Data>"), std::string::npos);
    EXPECT_NE(xml.find("<Data Name=\"x\">\xF0\x9F\x98\x80</Data>"), std::string::npos);
    EXPECT_NE(xml.find("<Computer>\xED\xA0\xBD</Computer>"), std::string::npos);
  }
}

TEST(EvtxEvent, DamagedValuesCanBeWritten) {
  const EvtxEvent event = with_fields(example_dcom(), {{"v", Value::raw(0x0D, "\x01")}});
  EXPECT_THROW(xml_of_only_record(event), std::runtime_error);
  EXPECT_EQ(evtx_payload_of(
                xml_of_only_record(with_fields(example_dcom(), {{"v", Value::raw(0x02, "a")}}))),
            "<EventData><Data Name=\"v\">a</Data></EventData>");
}

}  // namespace
}  // namespace iwamtrace
