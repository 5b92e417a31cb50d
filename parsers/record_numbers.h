// Follows the numbers and times of a log's records; shared by both generations. Nothing is
// allocated for a record, only now and then for a gap or a name not seen before.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "model/log_numbering.h"
#include "model/text.h"

namespace iwamtrace {

class RecordNumbers {
 public:
  // Where writers hand over their events in buffers, some records come late, and have a time before
  // that of their neighbours. Time has gone back only if more than `late` records in a row say so.
  explicit RecordNumbers(std::size_t late = 0) : late_(late) {}

  // Every allocated record, in the order of the file.
  void add(const NumberedPlace& record);
  // What the record names, as it stands in the log; empty where it names nothing.
  void add_names(Bytes channel, Bytes computer);

  // Of all records so far, once. What only the format knows is left to the parser.
  [[nodiscard]] LogNumbering finish();

 private:
  class Names {
   public:
    void add(Bytes name);
    [[nodiscard]] std::uint32_t count() const { return static_cast<std::uint32_t>(seen_.size()); }
    [[nodiscard]] bool returned() const { return returned_; }

   private:
    std::string last_;
    std::vector<std::size_t> seen_;  // hashes: a hostile log may have names without end
    bool returned_ = false;          // one that had given way to another
  };

  [[nodiscard]] bool is_ring() const;
  void follow(const NumberedPair& pair);
  void keep_gap(const NumberedPair& gap);
  void follow_time(const NumberedPair& pair);
  void keep_step();

  LogNumbering numbering_;
  std::optional<NumberedPlace> first_, last_;
  std::size_t late_;
  std::optional<NumberedPair> step_;  // that more records have to confirm
  std::size_t confirmed_by_ = 0;
  Names channels_, computers_;
};

}  // namespace iwamtrace
