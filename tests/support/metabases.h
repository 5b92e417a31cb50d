// Metabases read by themselves, with the keys that a test says the case has.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "make/metabase_writer.h"
#include "parsers/key_ring.h"
#include "tests/support/evidence.h"

namespace iwamtrace {

// An IIS 6 as installed; WAMUserPass is that of the real server whose hashes are published.
MadeWebServer made_web_server();
inline const std::string kMadeWamPassword = ")U\"yR4)y8982tD";
inline const std::string kMadeWamFingerprint = "c08fa34b6d1c5780";

std::string fingerprint_of_text(std::string_view utf8);

struct MetabaseTestReading {
  CollectingSink sink;

  [[nodiscard]] MetabaseSnapshot version(std::size_t number = 0) const;
  [[nodiscard]] SecureProperty property(std::string_view location, std::string_view name) const;
  // "0123456789abcdef"; empty where the value is not known.
  [[nodiscard]] std::string fingerprint(std::string_view location, std::string_view name) const;
  // What was remarked without loss, one a line.
  [[nodiscard]] std::string remarks() const;
};

// Without time for computing signature keys, unless the options have it.
ReadOptions without_proof();
MetabaseTestReading read_metabase_files(const std::vector<std::string>& files, KeyRing& keys,
                                        const ReadOptions& options = without_proof());
MetabaseTestReading read_metabase_file(const std::string& file);

// As SECURITY would have opened it: the password and its NUL.
void add_com_plus_secret(KeyRing& keys, std::string_view utf8, bool previous = false);

}  // namespace iwamtrace
