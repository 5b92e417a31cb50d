#include "parsers/metabase/adsutil_line.h"

#include <algorithm>
#include <array>

#include "model/text.h"

namespace iwamtrace {
namespace {

using Kind = AdsutilLine::Kind;

constexpr std::string_view kBlank = " \t";
constexpr std::string_view kBlankOrQuoted = " \t>|";

bool is_name_character(char c) {
  return (c >= '0' && c <= '9') || (lower(c) >= 'a' && lower(c) <= 'z') || c == '_' || c == '-';
}

std::string_view without_end(std::string_view text) {
  const std::size_t last = text.find_last_not_of(kBlank);
  return last == std::string_view::npos ? std::string_view{} : text.substr(0, last + 1);
}

// Reads a line from its front; columns are counted from the beginning of the whole line.
class Scan {
 public:
  explicit Scan(std::string_view line) : line_(without_end(line)) {}

  void skip(std::string_view characters) {
    const std::size_t found = line_.find_first_not_of(characters, at_);
    at_ = found == std::string_view::npos ? line_.size() : found;
  }
  bool take(char c) {
    skip(kBlank);
    const bool there = at_ < line_.size() && line_[at_] == c;
    at_ += there ? 1 : 0;
    return there;
  }
  std::string_view name() {
    const std::size_t from = at_;
    while (at_ < line_.size() && is_name_character(line_[at_])) {
      ++at_;
    }
    return line_.substr(from, at_ - from);
  }
  [[nodiscard]] std::string_view rest() const { return line_.substr(at_); }
  [[nodiscard]] std::size_t at() const { return at_; }

 private:
  std::string_view line_;
  std::size_t at_ = 0;
};

bool is_type(std::string_view word) {
  static constexpr std::array<std::string_view, 9> kTypes{"STRING",      "INTEGER",  "BOOLEAN",
                                                          "LIST",        "EXPANDSZ", "BINARY",
                                                          "MimeMapList", "IPSec",    "NTACL"};
  return std::ranges::any_of(
      kTypes, [&](std::string_view type) { return equal_ignoring_case(type, word); });
}

// `: (STRING) "value"`.
std::optional<AdsutilLine> read_value(Scan& scan) {
  if (!scan.take(':') || !scan.take('(')) {
    return std::nullopt;
  }
  scan.skip(kBlank);
  AdsutilLine line;
  line.kind = Kind::kProperty;
  line.type = scan.name();
  if (!is_type(line.type) || !scan.take(')')) {
    return std::nullopt;
  }
  scan.skip(kBlank);
  line.rest = scan.rest();
  line.rest_at = scan.at();
  return line;
}

// The next word, and what stands behind it.
std::pair<std::string_view, std::string_view> next_word(std::string_view text) {
  const std::size_t from = std::min(text.find_first_not_of(kBlank), text.size());
  const std::size_t end = std::min(text.find_first_of(kBlank, from), text.size());
  return {text.substr(from, end - from), text.substr(end)};
}

// "adsutil.vbs enum w3svc": the key that is listed; of GET the key of the property.
std::optional<std::string> location_of_command(std::string_view text) {
  const std::size_t found = find_ignoring_case(text, "adsutil");
  if (found == std::string_view::npos) {
    return std::nullopt;
  }
  const auto [program, arguments] = next_word(text.substr(found));
  const auto [verb, behind] = next_word(arguments);
  std::string_view path = next_word(behind).first;
  if (path.size() > 1 && path.starts_with('"') && path.ends_with('"')) {
    path = path.substr(1, path.size() - 2);
  }
  if (equal_ignoring_case(verb, "get")) {
    const std::size_t slash = path.find_last_of('/');
    return metabase_location(path.substr(0, slash == std::string_view::npos ? 0 : slash));
  }
  const bool lists = equal_ignoring_case(verb, "enum") || equal_ignoring_case(verb, "enum_all");
  return lists ? std::optional{metabase_location(path)} : std::nullopt;
}

bool is_path(std::string_view text) {
  return text.starts_with('/') || starts_ignoring_case(text, "w3svc") ||
         starts_ignoring_case(text, "lm/");
}

}  // namespace

std::string metabase_location(std::string_view path) {
  while (path.starts_with('/')) {
    path.remove_prefix(1);
  }
  while (path.ends_with('/')) {
    path.remove_suffix(1);
  }
  if (equal_ignoring_case(path, "lm") || path.empty()) {
    return "/LM";
  }
  return (starts_ignoring_case(path, "lm/") ? "/" : "/LM/") + std::string(path);
}

AdsutilLine read_adsutil_line(std::string_view text) {
  Scan scan(text);
  scan.skip(kBlankOrQuoted);
  AdsutilLine other;
  other.rest = scan.rest();
  other.rest_at = scan.at();
  if (other.rest.starts_with('"')) {
    other.kind = Kind::kQuoted;
    return other;
  }
  if (other.rest.starts_with('[') && other.rest.ends_with(']')) {
    std::string_view path = other.rest.substr(1, other.rest.size() - 2);
    path.remove_prefix(std::min(path.find_first_not_of(kBlank), path.size()));
    path = without_end(path);
    if (is_path(path)) {
      other.kind = Kind::kSection;
      other.location = metabase_location(path);
      return other;
    }
  }
  if (auto location = location_of_command(other.rest)) {
    other.kind = Kind::kCommand;
    other.location = std::move(*location);
    return other;
  }
  if (find_ignoring_case(other.rest, "Windows Script Host") != std::string_view::npos) {
    other.kind = Kind::kBanner;
    return other;
  }
  const std::string_view name = scan.name();
  if (auto property = name.empty() ? std::nullopt : read_value(scan)) {
    property->name = name;
    return *property;
  }
  if (!name.empty() && name.size() == other.rest.size()) {
    other.kind = Kind::kName;
    other.name = name;
  }
  return other;
}

std::optional<AdsutilLine> read_adsutil_continuation(std::string_view text) {
  Scan scan(text);
  scan.skip(kBlankOrQuoted);
  return read_value(scan);
}

}  // namespace iwamtrace
