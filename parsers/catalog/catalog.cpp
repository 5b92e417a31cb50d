#include "parsers/catalog/catalog.h"
namespace iwamtrace {
EventSource event_source_of(std::string_view n) {
  if (equal_ignoring_case(n, "security") ||
      equal_ignoring_case(n, "Microsoft-Windows-Security-Auditing"))
    return EventSource::kSecurity;
  if (equal_ignoring_case(n, "dcom") || equal_ignoring_case(n, "Microsoft-Windows-DistributedCOM"))
    return EventSource::kDcom;
  if (equal_ignoring_case(n, "eventlog")) return EventSource::kEventLog;
  if (equal_ignoring_case(n, "W3SVC")) return EventSource::kW3svc;
  if (equal_ignoring_case(n, "Service Control Manager")) return EventSource::kServiceControlManager;
  return EventSource::kOther;
}
EventKey event_key_of(EventSource s, std::uint16_t id) {
  if (s == EventSource::kSecurity) {
    if (id == 628) return {s, 4724};
    if (id == 627) return {s, 4723};
    if (id == 528 || id == 540) return {s, 4624};
    if (id >= 529 && id <= 539) return {s, 4625};
  }
  return {s, id};
}
void name_fields(EventRecord& r) {
  static const std::vector<std::string_view> d{"Error", "Domain", "User", "ServerId"};
  if (r.head.key.source == EventSource::kDcom && r.head.event_id == 10004) {
    for (std::size_t i = 0; i < r.fields().size() && i < 4; ++i)
      if (r.fields()[i].name.size == 0) r.rename(i, r.add_text(d[i]));
  }
}
std::span<const EventDefinition> all_event_definitions() { return {}; }
const EventDefinition* definition_of(const EventRecord&) { return nullptr; }
}  // namespace iwamtrace
