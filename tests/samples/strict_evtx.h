// A reader of .evtx that believes nothing: the judge of what our writer makes where other tools
// fail. Every count, size, checksum, hash and chain is verified, and the XML of a record is put
// together as [MS-EVEN6] says. Written apart from the writer and from the product's reader.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace iwamtrace {

struct StrictRecord {
  std::size_t offset = 0;  // in the chunk
  std::uint64_t id = 0;
  std::uint64_t written = 0;  // FILETIME of the header
  // Without white space or escapes; character references, CDATA and the like as they stand.
  std::string xml;
};

struct StrictChunk {
  std::uint64_t first_number = 0, last_number = 0, first_id = 0, last_id = 0;
  std::size_t free = 0;
  std::vector<StrictRecord> records;
  std::size_t names = 0, templates = 0;  // stored in the chunk
};

// Throws std::runtime_error that says what is wrong where.
StrictChunk read_chunk_strictly(std::string_view chunk);
// One record wherever it stands, without regard to the chunk's tables.
StrictRecord read_record_strictly(std::string_view chunk, std::size_t offset);

struct StrictFile {
  std::uint64_t first_chunk = 0, last_chunk = 0, next_id = 0;
  std::size_t chunk_count = 0;  // as the header has it
  std::uint32_t flags = 0;
  std::vector<StrictChunk> chunks;  // all in the file; zeros at its end are none
};

StrictFile read_evtx_strictly(std::string_view file);

}  // namespace iwamtrace
