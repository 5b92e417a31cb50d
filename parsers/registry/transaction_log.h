// The transaction logs of a hive: what Windows meant to write into it. Both forms are read; whether
// they fit a hive is replay.h's question. The format: FORMAT.md beside this file.
#pragma once

#include <cstdint>
#include <vector>

#include "model/source.h"
#include "parsers/registry/base_block.h"

namespace iwamtrace {

// A stretch of the hive as the log has it: whole sectors of 512 bytes.
struct LogPage {
  std::uint64_t hive_offset = 0;  // in the hive's file
  std::uint64_t log_offset = 0;
  std::uint64_t size = 0;
};

// One write of Windows, complete and verified: all of it is applied, or nothing.
struct LogEntry {
  std::uint64_t offset = 0;
  std::uint32_t sequence = 0;
  std::uint32_t bins_size = 0;  // of the hive afterwards
  std::vector<LogPage> pages;
};

struct TransactionLog {
  enum class Form : std::uint8_t {
    kNothing,  // a base block and no changes
    kOld,      // "DIRT", to Windows 8.0: one entry at most, without hashes
    kNew,      // "HvLE", since Windows 8.1: entries of rising sequence numbers
  };

  BaseBlock base;
  Form form = Form::kNothing;
  std::vector<LogEntry> entries;
  Coverage coverage;
  std::vector<Damage> damage;  // without a source
};

// Whether a file that begins with a base block is a log: the base block says so, and a hive that
// says so of itself is still a hive.
bool is_transaction_log(Bytes file);

// Throws ParseError where there is no base block.
TransactionLog read_transaction_log(Bytes log);

// The hash in entries of the new form, with the seed that the registry gives it. Its description:
// msuhanov's regf specification.
std::uint64_t registry_hash(Bytes bytes);

}  // namespace iwamtrace
