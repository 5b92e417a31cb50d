#include "tests/bench/repeated_log.h"

#include <cstdint>
#include <cstring>
#include <stdexcept>
#include <vector>
#include <zlib.h>

namespace iwamtrace {
namespace {

template <typename Number>
Number get(std::string_view bytes, std::size_t at) {
  Number number{};
  std::memcpy(&number, bytes.substr(at, sizeof number).data(), sizeof number);
  return number;
}

template <typename Number>
void put(std::string& bytes, std::size_t at, Number number) {
  std::memcpy(bytes.data() + at, &number, sizeof number);
}

std::uint32_t crc(std::string_view first, std::string_view second = {}) {
  // zlib takes no bytes for the wish to begin anew.
  const auto add = [](uLong sum, std::string_view bytes) {
    return bytes.empty() ? sum
                         : crc32(sum, reinterpret_cast<const Bytef*>(bytes.data()),
                                 static_cast<uInt>(bytes.size()));
  };
  return static_cast<std::uint32_t>(add(add(0, first), second));
}

// ---- .evtx ----

constexpr std::size_t kFileHeader = 4096;
constexpr std::size_t kChunk = 65536;
constexpr std::size_t kRecords = 512;

std::size_t used_of(std::string_view chunk) { return get<std::uint32_t>(chunk, 48); }

bool is_sound(std::string_view chunk) {
  if (chunk.size() != kChunk || !chunk.starts_with(std::string_view("ElfChnk\0", 8))) {
    return false;
  }
  const std::size_t used = used_of(chunk);
  return used > kRecords && used <= kChunk &&
         get<std::uint32_t>(chunk, 52) == crc(chunk.substr(kRecords, used - kRecords)) &&
         get<std::uint32_t>(chunk, 124) == crc(chunk.substr(0, 120), chunk.substr(128, 384));
}

// Gives its records the numbers from `next` on and returns the one after them.
std::uint64_t renumber(std::string& chunk, std::uint64_t next) {
  const std::uint64_t first = next;
  const std::size_t used = used_of(chunk);
  for (std::size_t at = kRecords; at < used; at += get<std::uint32_t>(chunk, at + 4)) {
    put(chunk, at + 8, next++);
  }
  for (const std::size_t at : {8U, 24U}) {
    put(chunk, at, first);
    put(chunk, at + 8, next - 1);
  }
  chunk.resize(used);  // what was left over in the free space would be repeated too
  chunk.resize(kChunk);
  put(chunk, 52, crc(std::string_view(chunk).substr(kRecords, used - kRecords)));
  put(chunk, 124,
      crc(std::string_view(chunk).substr(0, 120), std::string_view(chunk).substr(128, 384)));
  return next;
}

// ---- .evt ----

constexpr std::size_t kEvtHeader = 48;
constexpr std::size_t kEndRecord = 40;

// The longest run of records that follow each other by number: leftovers stand outside of it.
std::vector<std::string_view> evt_records(std::string_view log) {
  std::vector<std::string_view> run, longest;
  for (std::size_t at = kEvtHeader; at + 56 <= log.size(); at += 4) {
    const std::size_t size = get<std::uint32_t>(log, at);
    const bool record = log.substr(at + 4, 4) == "LfLe" && size >= 56 && size % 4 == 0 &&
                        size <= log.size() - at && get<std::uint32_t>(log, at + size - 4) == size;
    if (!record) {
      continue;
    }
    if (!run.empty() && get<std::uint32_t>(log, at + 8) != get<std::uint32_t>(run.back(), 8) + 1) {
      run.clear();
    }
    run.push_back(log.substr(at, size));
    if (run.size() > longest.size()) {
      longest = run;
    }
    at += size - 4;
  }
  return longest;
}

}  // namespace

std::string repeated_evtx(std::string_view log, std::size_t size) {
  std::vector<std::string> chunks;
  for (std::size_t at = kFileHeader; at + kChunk <= log.size(); at += kChunk) {
    if (is_sound(log.substr(at, kChunk))) {
      chunks.emplace_back(log.substr(at, kChunk));
    }
  }
  if (chunks.empty()) {
    throw std::runtime_error("the log has no sound chunk");
  }
  std::string made(log.substr(0, kFileHeader));
  std::uint64_t next = 1;
  std::uint64_t count = 0;
  for (; made.size() < size; ++count) {
    std::string& chunk = chunks[count % chunks.size()];
    next = renumber(chunk, next);
    made += chunk;
  }
  put(made, 8, std::uint64_t{0});
  put(made, 16, count - 1);
  put(made, 24, next);
  put(made, 42, static_cast<std::uint16_t>(count));
  put(made, 120, std::uint32_t{0});
  put(made, 124, crc(std::string_view(made).substr(0, 120)));
  return made;
}

std::string repeated_evt(std::string_view log, std::size_t size) {
  const std::vector<std::string_view> records = evt_records(log);
  if (records.empty()) {
    throw std::runtime_error("the log has no sound record");
  }
  std::string made(kEvtHeader, '\0');
  std::uint32_t next = 1;
  while (made.size() < size) {
    const std::size_t at = made.size();
    made += records[(next - 1) % records.size()];
    put(made, at + 8, next++);
  }
  const auto end = static_cast<std::uint32_t>(made.size());
  made.resize(made.size() + kEndRecord);
  const std::uint32_t trailer[] = {kEndRecord, 0x11111111, 0x22222222, 0x33333333, 0x44444444,
                                   kEvtHeader, end,        next,       1,          kEndRecord};
  std::memcpy(made.data() + end, trailer, sizeof trailer);
  const std::uint32_t header[] = {kEvtHeader, 0x654C664C, 1,
                                  1,          kEvtHeader, end,
                                  next,       1,          static_cast<std::uint32_t>(made.size()),
                                  0,          0,          kEvtHeader};
  std::memcpy(made.data(), header, sizeof header);
  return made;
}

}  // namespace iwamtrace
