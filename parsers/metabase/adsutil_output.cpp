#include "parsers/metabase/adsutil_output.h"

#include <algorithm>
#include <array>
#include <utility>

#include "parsers/cursor.h"

namespace iwamtrace {
namespace {

using Kind = AdsutilLine::Kind;

// ENUM_ALL of a large hoster has some tens of MiB.
constexpr std::size_t kLargestFile = std::size_t{64} << 20;

// A value of 256 characters at the narrowest that mails are wrapped.
constexpr std::size_t kMostContinuations = 8;

constexpr std::string_view kWrapped =
    "its line was wrapped: whether a space stood there cannot be told";
constexpr std::string_view kFollowed = "something stands behind its closing quote";
constexpr std::string_view kEntity = "characters of it are written as those of a web page";
constexpr std::string_view kUnquoted = "it stands there without quotes";
constexpr std::string_view kTwice = "it is told twice, with different values";
constexpr std::string_view kCodePage =
    "what its characters beyond ASCII are depends on the code page of the window";

// The key that has the account of the pooled applications.
constexpr struct { std::string_view type, location; } kWebService{"IIsWebService", "/LM/W3SVC"};

std::string lowered(std::string_view text) {
  std::string copy(text);
  std::ranges::transform(copy, copy.begin(), lower);
  return copy;
}

Bytes checked(Bytes file) {
  if (file.size() > kLargestFile) {
    throw ParseError(kLargestFile,
                     "a text of " + std::to_string(file.size()) + " bytes, more than is read");
  }
  return file;
}

bool is_text(std::string_view type) {
  return equal_ignoring_case(type, "STRING") || equal_ignoring_case(type, "EXPANDSZ");
}

bool is_list(std::string_view type) {
  return equal_ignoring_case(type, "LIST") || equal_ignoring_case(type, "MimeMapList") ||
         equal_ignoring_case(type, "IPSec");
}

// Asterisks, or what somebody put there before sending the text on: "xxxxxx", "<removed>".
bool is_masked(std::string_view value) {
  constexpr std::array<std::pair<char, char>, 3> kBrackets{{{'<', '>'}, {'(', ')'}, {'[', ']'}}};
  const bool one_character =
      value.size() > 2 && value.find_first_not_of(value.front()) == std::string_view::npos;
  return one_character || std::ranges::any_of(kBrackets, [&](const auto& pair) {
           return value.size() > 2 && value.front() == pair.first && value.back() == pair.second;
         });
}

// A text that went through a web page or a mail program.
bool has_entity(std::string_view value) {
  constexpr std::array<std::string_view, 5> kEntities{"&quot;", "&amp;", "&lt;", "&gt;", "&#"};
  return std::ranges::any_of(kEntities, [&](std::string_view entity) {
    return value.find(entity) != std::string_view::npos;
  });
}

// A line that goes on with a wrapped value: no quote in it but the one that closes.
bool may_continue(const AdsutilLine& line) {
  const std::size_t quote = line.rest.find('"');
  const bool other = line.kind == AdsutilLine::Kind::kProperty ||
                     line.kind == AdsutilLine::Kind::kSection ||
                     line.kind == AdsutilLine::Kind::kCommand;
  return !other && !line.rest.empty() &&
         (quote == std::string_view::npos || quote + 1 == line.rest.size());
}

bool is_ascii(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

// Names of accounts as IIS makes them have no spaces, so a break in one took none away.
bool is_spaceless(std::string_view property) {
  constexpr std::string_view kUserName = "UserName";
  return property.size() >= kUserName.size() &&
         equal_ignoring_case(property.substr(property.size() - kUserName.size()), kUserName);
}

}  // namespace

AdsutilOutput::AdsutilOutput(Bytes file) : lines_(checked(file)) {
  read_lines();
  if (const auto front = places_.find(""); front != places_.end()) {
    fronts_.push_back(front->second);
  }
  for (const std::size_t front : fronts_) {
    place_front(front);
  }
  if (!fronts_.empty()) {
    doubt_what_differs();
  }
  if (remarks_left_out_ != 0) {
    remarks_.push_back(Remark{
        0, 0, "and " + std::to_string(remarks_left_out_) + " more of the kind", loss_left_out_});
  }
}

std::optional<AdsutilLine> AdsutilOutput::following() const {
  return at_ + 1 < lines_.lines().size()
             ? std::optional{read_adsutil_line(lines_.lines()[at_ + 1].text)}
             : std::nullopt;
}

// Nobody reads more; that there were more is told.
void AdsutilOutput::remark(Remark remark) {
  constexpr std::size_t kMostRemarks = 100;
  if (remarks_.size() < kMostRemarks) {
    remarks_.push_back(std::move(remark));
  } else {
    ++remarks_left_out_;
    loss_left_out_ = loss_left_out_ || remark.lost;
  }
}

void AdsutilOutput::advance() {
  ++at_;
  read_ += line().size;
}

std::string_view AdsutilOutput::kept(std::string text) {
  return texts_.emplace_back(std::move(text));
}

void AdsutilOutput::read_lines() {
  for (at_ = 0; at_ < lines_.lines().size(); ++at_) {
    const AdsutilLine parsed = read_adsutil_line(line().text);
    switch (parsed.kind) {
      case Kind::kSection:
      case Kind::kCommand:
        if (parsed.kind == Kind::kSection && !first_section_) {
          first_section_ = parsed.location;
        }
        current_ = key_at(parsed.location);
        read_ += line().size;
        break;
      case Kind::kProperty:
        read_ += line().size;
        read_property(parsed);
        break;
      case Kind::kName:
        if (at_ + 1 < lines_.lines().size()) {
          if (auto rest = read_adsutil_continuation(lines_.lines()[at_ + 1].text)) {
            read_ += line().size;
            advance();
            rest->name = parsed.name;
            read_property(*rest);
            break;
          }
        }
        note_unread(parsed);
        break;
      case Kind::kBanner:
        if (current_ && !keys_[*current_].properties.empty()) {
          begin_anew();
        }
        break;
      default:
        note_unread(parsed);
        break;
    }
  }
}

// A line that names what everybody looks for, and is no property.
void AdsutilOutput::note_unread(const AdsutilLine& parsed) {
  for (const std::string_view name : {"WAMUserPass", "WAMUserName"}) {
    if (find_ignoring_case(parsed.rest, name) != std::string_view::npos) {
      remark(Remark{line().offset, line().size,
                    "a line names " + std::string(name) + " and is not read as a property", false});
    }
  }
}

void AdsutilOutput::read_property(const AdsutilLine& parsed) {
  const TextLines::Line& first = line();
  Value value = read_value(parsed);
  if (!value.complete) {
    remark(Remark{first.offset, first.size,
                  std::string(parsed.name) + ": the end of its value is missing", true});
    return;
  }
  if (value.doubt.empty() && lines_.of_unknown_code_page() && !is_ascii(value.text)) {
    value.doubt = kCodePage;
  }
  if (value.doubt.empty() && has_entity(value.text)) {
    value.doubt = kEntity;
  }
  add(parsed, std::move(value));
}

AdsutilOutput::Value AdsutilOutput::read_value(const AdsutilLine& parsed) {
  const bool spaceless = is_spaceless(parsed.name);
  if (is_list(parsed.type)) {
    Value value{{}, lines_.offset_of(line(), parsed.rest_at), {}, true};
    read_items(value);
    return value;
  }
  if (parsed.rest.starts_with('"')) {
    return read_quoted(parsed.rest, parsed.rest_at, spaceless);
  }
  const auto next = parsed.rest.empty() ? following() : std::nullopt;
  if (next && next->kind == Kind::kQuoted && is_text(parsed.type)) {
    advance();
    return read_quoted(next->rest, next->rest_at, spaceless);
  }
  const bool word = next && (next->kind == Kind::kName || next->kind == Kind::kOther) &&
                    !next->rest.empty() && next->rest.find(' ') == std::string_view::npos;
  if (word && !is_text(parsed.type)) {
    advance();
    return Value{std::string(next->rest), lines_.offset_of(line(), next->rest_at), {}, true};
  }
  return Value{std::string(parsed.rest), lines_.offset_of(line(), parsed.rest_at),
               is_text(parsed.type) ? kUnquoted : std::string_view{}, true};
}

// `quoted` begins with the quote. adsutil.vbs escapes nothing, so the last quote closes.
AdsutilOutput::Value AdsutilOutput::read_quoted(std::string_view quoted, std::size_t column,
                                                bool spaceless) {
  Value value{{}, lines_.offset_of(line(), column + 1), {}, true};
  const auto closed = [](std::string_view text) { return text.ends_with('"'); };
  if (quoted.size() > 1 && closed(quoted)) {
    value.text = quoted.substr(1, quoted.size() - 2);
    return value;
  }
  std::string joined(quoted.substr(1));
  const std::size_t start = at_;
  for (std::size_t i = 1; i <= kMostContinuations && start + i < lines_.lines().size(); ++i) {
    const AdsutilLine next = read_adsutil_line(lines_.lines()[start + i].text);
    if (!may_continue(next)) {
      break;
    }
    joined += (spaceless ? "" : " ") + std::string(next.rest);
    if (closed(next.rest)) {
      joined.pop_back();
      while (at_ < start + i) {
        advance();
      }
      value.text = std::move(joined);
      value.doubt = spaceless ? std::string_view{} : kWrapped;
      return value;
    }
  }
  const std::size_t last = quoted.find_last_of('"');
  value.complete = last > 0;
  value.text = value.complete ? quoted.substr(1, last - 1) : std::string_view{};
  value.doubt = kFollowed;
  return value;
}

// "(42 Items)", and each on a line of its own; a metabase has a line break between them.
void AdsutilOutput::read_items(Value& value) {
  for (auto next = following(); next && next->kind == Kind::kQuoted; next = following()) {
    advance();
    const Value item = read_quoted(next->rest, next->rest_at, false);
    value.offset = value.text.empty() ? item.offset : value.offset;
    value.text += (value.text.empty() ? "" : "\n") + item.text;
    value.complete = value.complete && item.complete;
  }
}

std::size_t AdsutilOutput::key_at(std::string_view location) {
  const auto [place, added] = places_.try_emplace(lowered(location), keys_.size());
  if (added) {
    keys_.push_back(MetabaseKey{{}, kept(std::string(location)), line().offset, {}});
  }
  return place->second;
}

MetabaseProperty AdsutilOutput::property_of(const AdsutilLine& parsed, Value value) {
  MetabaseProperty property;
  property.name = parsed.name;
  property.type = parsed.type;
  property.masked = is_text(parsed.type) && is_masked(value.text);
  property.value = kept(std::move(value.text));
  property.offset = value.offset;
  property.doubt = value.doubt;
  return property;
}

// What is told twice may be of two days, and nobody knows which is the later.
void AdsutilOutput::add(const AdsutilLine& parsed, Value value) {
  if (equal_ignoring_case(parsed.name, "KeyType") && current_ &&
      (told_.contains({*current_, "keytype"}) ||
       (equal_ignoring_case(value.text, kWebService.type) && !keys_[*current_].location.empty() &&
        !equal_ignoring_case(keys_[*current_].location, kWebService.location)))) {
    begin_anew();  // another listing, whose command is not in the text
  }
  const std::size_t place = current_ ? *current_ : key_at("");
  current_ = place;
  MetabaseKey& key = keys_[place];
  const auto [number, first] =
      told_.try_emplace({place, lowered(parsed.name)}, key.properties.size());
  if (first) {
    key.properties.push_back(property_of(parsed, std::move(value)));
    key.type = equal_ignoring_case(parsed.name, "KeyType") ? key.properties.back().value : key.type;
    return;
  }
  MetabaseProperty& told = key.properties[number->second];
  if (told.value == value.text || (is_text(parsed.type) && is_masked(value.text))) {
    return;
  }
  const bool masked = told.masked;
  const std::uint64_t offset = value.offset;
  const std::size_t size = value.text.size();
  told = property_of(parsed, std::move(value));
  if (!masked) {
    told.doubt = kTwice;
    remark(Remark{offset, size, std::string(parsed.name) + ": " + std::string(kTwice), false});
  }
}

void AdsutilOutput::begin_anew() {
  fronts_.push_back(keys_.size());
  current_ = keys_.size();
  keys_.push_back(MetabaseKey{{}, {}, line().offset, {}});
}

// Of properties before the first path: ENUM does not print the path that it was asked for.
void AdsutilOutput::place_front(std::size_t place) {
  MetabaseKey& key = keys_[place];
  const bool has_iwam =
      key.property("WAMUserName", 0) != nullptr || key.property("WAMUserPass", 0) != nullptr;
  std::string location;
  if (equal_ignoring_case(key.type, kWebService.type)) {
    location = kWebService.location;
  } else if (!key.type.empty() && first_section_) {
    location = first_section_->substr(0, first_section_->find_last_of('/'));
  } else if (key.type.empty() && has_iwam) {
    location = kWebService.location;
    remark(Remark{key.offset, 0, "the text names no path here; it is taken for /LM/W3SVC", false});
  }
  key.location = kept(std::move(location));
}

// Two listings of one key may be of two days, or of two servers.
void AdsutilOutput::doubt_what_differs() {
  std::map<std::pair<std::string, std::string>, MetabaseProperty*> told;
  for (MetabaseKey& key : keys_) {
    for (MetabaseProperty& property : key.properties) {
      const auto [first, added] =
          told.try_emplace({lowered(key.location), lowered(property.name)}, &property);
      if (!added && first->second->doubt != kTwice && first->second->value != property.value &&
          !first->second->masked && !property.masked) {
        first->second->doubt = property.doubt = kTwice;
        remark(Remark{property.offset, property.value.size(),
                      property.name + ": " + std::string(kTwice), false});
      }
    }
  }
}

}  // namespace iwamtrace
