// What adsutil.vbs prints of a metabase (ENUM, ENUM_ALL, GET): saved to a file, copied from a
// window or out of a mail. The form: FORMAT.md beside this file.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "parsers/metabase/adsutil_line.h"
#include "parsers/metabase/metabase_keys.h"
#include "parsers/metabase/text_lines.h"

namespace iwamtrace {

class AdsutilOutput {
 public:
  struct Remark {
    std::uint64_t offset = 0, length = 0;
    std::string what;
    bool lost = false;  // a value that was announced is not there
  };

  // Throws ParseError where the file is larger than is read.
  explicit AdsutilOutput(Bytes file);

  [[nodiscard]] const std::vector<MetabaseKey>& keys() const { return keys_; }
  [[nodiscard]] const std::vector<Remark>& remarks() const { return remarks_; }
  // Bytes of the lines that adsutil.vbs printed; the others are somebody's words.
  [[nodiscard]] std::uint64_t read() const { return read_; }

 private:
  struct Value {
    std::string text;
    std::uint64_t offset = 0;
    std::string_view doubt;
    bool complete = true;
  };

  void read_lines();
  void read_property(const AdsutilLine& parsed);
  Value read_value(const AdsutilLine& parsed);
  Value read_quoted(std::string_view quoted, std::size_t column, bool spaceless);
  void read_items(Value& value);
  void add(const AdsutilLine& parsed, Value value);
  void remark(Remark remark);
  MetabaseProperty property_of(const AdsutilLine& parsed, Value value);
  std::size_t key_at(std::string_view location);
  void begin_anew();
  void note_unread(const AdsutilLine& parsed);
  void place_front(std::size_t place);
  void doubt_what_differs();

  [[nodiscard]] const TextLines::Line& line() const { return lines_.lines()[at_]; }
  [[nodiscard]] std::optional<AdsutilLine> following() const;
  void advance();
  [[nodiscard]] std::string_view kept(std::string text);

  TextLines lines_;
  std::size_t at_ = 0;  // the line that is read
  std::deque<std::string> texts_;
  std::vector<MetabaseKey> keys_;
  std::map<std::string, std::size_t> places_;  // of keys, by location in lower case
  std::map<std::pair<std::size_t, std::string>, std::size_t> told_;  // of properties, in their key
  std::vector<std::size_t> fronts_;     // keys whose path the text does not begin with
  std::optional<std::size_t> current_;  // the key whose properties follow
  std::optional<std::string> first_section_;
  std::vector<Remark> remarks_;
  std::size_t remarks_left_out_ = 0;
  bool loss_left_out_ = false;
  std::uint64_t read_ = 0;
};

}  // namespace iwamtrace
