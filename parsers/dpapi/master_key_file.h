// A DPAPI master key as its file keeps it: Protect\<SID>\<GUID>. Knows nothing of where the key
// that opens it comes from.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "parsers/cursor.h"
#include "parsers/dpapi/dpapi_algorithms.h"

namespace iwamtrace {

struct MasterKeyFile {
  std::string guid;  // "{ea95eba8-…}", in lower case
  std::uint32_t rounds = 0;
  Hash hash{};
  DpapiCipher cipher;
  Bytes salt, encrypted;
  std::size_t key_offset = 0;  // where the part with the master key begins
  std::size_t key_end = 0;     // the parts behind it are for other ways to the same key

  // What an attempt to open it costs, in HMACs of SHA-1.
  [[nodiscard]] std::uint64_t cost() const;
};

// By version and GUID; the lengths are for read_master_key_file() to doubt.
bool looks_like_master_key_file(Bytes first_bytes);

// Throws ParseError, with offsets of the file. The result points into `file`.
MasterKeyFile read_master_key_file(Bytes file);

// The master key, 64 bytes; nothing where its check says that `key`, half of DPAPI_SYSTEM, is not
// the one.
std::optional<SecretBytes> open_master_key(const MasterKeyFile& file, Bytes key);

}  // namespace iwamtrace
