// What the registry says of the server's logs, what it publishes, and how SQL Server logs on.
#pragma once

#include <cstdint>
#include <optional>

#include "model/citation.h"
#include "model/timestamp.h"

namespace iwamtrace {

// Of one of the three classic logs: Services\Eventlog\<log>.
struct LogSettings {
  Citation where;                          // the key
  Untrusted log;                           // "Security"
  Untrusted file;                          // unexpanded
  std::optional<std::uint32_t> max_size;   // bytes
  std::optional<std::uint32_t> retention;  // seconds; 0: overwritten as needed
  std::optional<Timestamp> key_written;

  static constexpr std::uint32_t kNeverOverwritten = 0xFFFFFFFF;  // as retention
};

// A folder that IIS publishes, as it stood before the metabase: Services\W3SVC\Parameters\Virtual
// Roots.
struct VirtualRoot {
  Citation where;    // the value
  Untrusted name;    // "/c"
  Untrusted target;  // path, user and rights: "c:\\,,217"
  std::optional<Timestamp> key_written;
};

// Services\lanmanserver\Shares. The administrative shares (C$, ADMIN$) stand in no registry unless
// somebody made them again.
struct NetworkShare {
  Citation where;  // the value
  Untrusted name;
  Untrusted path;  // empty: the entry has none
  std::optional<Timestamp> key_written;
};

// An instance of SQL Server and what its log can hold: read when the service starts.
struct SqlServer {
  Citation where;                            // the key
  Untrusted instance;                        // "MSSQLSERVER", or the name of the instance
  std::optional<std::uint32_t> login_mode;   // 1 Windows, 2 mixed
  std::optional<std::uint32_t> audit_level;  // logons: 0 none, 1 successes, 2 failures, 3 both
  std::optional<Timestamp> key_written;
};

}  // namespace iwamtrace
