// Whether a name is this computer's: full or NetBIOS, present or former.
#pragma once

#include "model/report.h"

namespace iwamtrace {

// The same machine by both names: case, the domain behind the first dot and the length of NetBIOS
// names are ignored.
bool same_computer(UntrustedView one, UntrustedView other);
bool is_former_name(const HostAnswer& host, UntrustedView name);
bool is_name_of(const HostAnswer& host, UntrustedView name);  // present or former

}  // namespace iwamtrace
