#include "analyzers/iis_services.h"

#include <algorithm>
#include <array>
#include <span>

namespace iwamtrace {
namespace {

using Names = std::span<const std::string_view>;

constexpr std::array<std::string_view, 6> kWebServices{"IISADMIN",
                                                       "IIS Admin Service",
                                                       "IIS Admin",
                                                       "W3SVC",
                                                       "World Wide Web Publishing Service",
                                                       "World Wide Web Publishing"};
constexpr std::array<std::string_view, 3> kRpc{"Remote Procedure Call (RPC)",
                                               "Remote Procedure Call", "RpcSs"};
constexpr std::array<std::string_view, 3> kUnderDcom{"DCOM Server Process Launcher", "DcomLaunch",
                                                     "COM+ Event System"};

bool is_one_of(UntrustedView name, Names names) {
  return std::ranges::any_of(names, [&](std::string_view one) { return name.is(one); });
}

}  // namespace

bool is_service_of_iis(UntrustedView name) {
  return is_one_of(name, kWebServices) || name.is("RpcSs");
}

bool is_crash_under_dcom(const EventRecord& record) {
  const EventKey key = record.head.key;
  const UntrustedView name = record.field("ServiceName");
  return (key == events::kServiceCrashed || key == events::kServiceEnded) &&
         (is_one_of(name, kRpc) || is_one_of(name, kUnderDcom));
}

bool is_start_of_iis(const EventRecord& record) {
  return record.head.key == events::kServiceChangedState &&
         is_one_of(record.field("ServiceName"), kWebServices) &&
         record.field("State").contains("running");
}

bool is_failed_start_of_iis(const EventRecord& record) {
  const EventKey key = record.head.key;
  return (key == events::kServiceNotStarted || key == events::kServiceDependencyFailed ||
          key == events::kDcomServiceNotStarted) &&
         is_one_of(record.field("ServiceName"), kWebServices) &&
         record.field("Error").number() != 1056U;  // it ran already
}

}  // namespace iwamtrace
