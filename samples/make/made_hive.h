// A registry hive as it is to be written: a tree of keys and values, and how its file is laid out.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/timestamp.h"

namespace iwamtrace {

enum RegistryType : std::uint32_t {
  kRegNone = 0,
  kRegSz = 1,
  kRegExpandSz = 2,
  kRegBinary = 3,
  kRegDword = 4,
  kRegMultiSz = 7,
};

// All names are UTF-8; lone surrogates may be given as WTF-8, and a NUL is a character like others.
struct MadeValue {
  std::string name{};      // empty: the value without a name
  std::uint32_t type = 0;  // any number: SAM keeps RIDs here
  std::string data{};      // raw
  bool deleted = false;    // not in the key's list; its cells are left in free space
};

struct MadeKey {
  std::string name{};
  Timestamp written{};
  std::optional<std::string> class_name{};
  std::string security{};  // self-relative descriptor; empty: that of the key above
  bool wide_name = false;  // as UTF-16 although Latin-1, the shorter form, could hold it
  // Gone with all that is below it: its cells are left in free space. As Windows deletes from
  // below, it counts no sub-keys any more.
  bool deleted = false;
  std::vector<MadeValue> values{};
  std::vector<MadeKey> keys{};

  // The key at a path below this one, its parts between backslashes, compared as they stand.
  // at() throws std::out_of_range where there is none; make() makes what is missing, written when
  // this key was. References hold until a key is added beside theirs.
  MadeKey& at(std::string_view path);
  MadeKey& make(std::string_view path);
  // Adds the value, or puts it in the place of the one of its name.
  MadeKey& set(MadeValue value);
  [[nodiscard]] const MadeValue& value(std::string_view value_name) const;
};

// A hive, and how its file is laid out.
struct MadeHive {
  MadeKey root{};
  std::string path{};       // the base block keeps its last 31 characters
  std::uint32_t minor = 3;  // of version 1: 3 = NT 4 and 2000, SAM and SECURITY always; 5 = XP
  std::optional<Timestamp> flushed{};  // when the file was last written; the root's time by default
  std::uint32_t sequence = 1;
  bool dirty = false;                // the second sequence number lags: a write was not finished
  bool offset_lists = false;         // 'li' in place of 'lf' (1.3) or 'lh' (1.5)
  std::uint32_t keys_in_list = 500;  // more sub-keys are spread over several lists under an 'ri'
  std::uint32_t bin_size = 0x1000;   // least size of a bin, a multiple of 4096
  std::string slack{1, '\0'};        // over and over in free cells and behind the ends of data
};

}  // namespace iwamtrace
