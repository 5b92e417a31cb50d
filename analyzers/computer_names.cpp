#include "analyzers/computer_names.h"

#include <algorithm>

namespace iwamtrace {
namespace {

UntrustedView short_name(UntrustedView name) {
  const auto parts = name.split('.');
  return parts ? parts->first : name;
}

}  // namespace

bool same_computer(UntrustedView one, UntrustedView other) {
  constexpr std::size_t kNetBiosName = 15;
  one = short_name(one);
  other = short_name(other);
  return one.is(other) || (one.size() == kNetBiosName && other.starts_with(one)) ||
         (other.size() == kNetBiosName && one.starts_with(other));
}

bool is_former_name(const HostAnswer& host, UntrustedView name) {
  return std::ranges::any_of(host.previous_names,
                             [&](const Untrusted& former) { return same_computer(former, name); });
}

bool is_name_of(const HostAnswer& host, UntrustedView name) {
  return same_computer(host.computer_name, name) || is_former_name(host, name);
}

}  // namespace iwamtrace
