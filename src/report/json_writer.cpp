#include "report/json_writer.h"

#include <utility>

#include "model/text.h"

namespace iwamtrace {
namespace {

// "\u001b", of one UTF-16 code unit.
void append_escape(std::string& out, unsigned unit) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  out += "\\u";
  for (int shift = 12; shift >= 0; shift -= 4) {
    out += kDigits[unit >> shift & 0xF];
  }
}

// The three bytes of WTF-8 that stand for a surrogate without its partner.
bool is_lone_surrogate(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
  return text.size() >= 3 && byte(0) == 0xED && byte(1) >= 0xA0 && byte(1) <= 0xBF &&
         (byte(2) & 0xC0) == 0x80;
}

unsigned surrogate(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
  return 0xD000U | (byte(1) & 0x3FU) << 6 | (byte(2) & 0x3FU);
}

}  // namespace

std::string JsonWriter::take() { return std::exchange(text_, {}); }

void JsonWriter::open(char bracket) {
  separate();
  text_ += bracket;
  ++depth_;
  first_ = true;
}

void JsonWriter::close(char bracket) {
  --depth_;
  if (!first_) {
    indent();
  }
  text_ += bracket;
  first_ = false;
}

void JsonWriter::indent() {
  if (style_ == Style::kIndented) {
    text_ += '\n';
    text_.append(std::size_t{2} * depth_, ' ');
  }
}

void JsonWriter::separate() {
  if (std::exchange(after_key_, false)) {
    return;
  }
  if (!std::exchange(first_, false)) {
    text_ += ',';
  }
  if (depth_ != 0) {
    indent();
  }
}

void JsonWriter::key(std::string_view name) {
  separate();
  quote(name);
  text_ += style_ == Style::kIndented ? ": " : ":";
  after_key_ = true;
}

void JsonWriter::key(UntrustedView name) { key(name.bytes(SinkKey{})); }

void JsonWriter::end_line() {
  text_ += '\n';
  first_ = true;
}

void JsonWriter::value(std::nullptr_t /*null*/) {
  separate();
  text_ += "null";
}

void JsonWriter::value(bool truth) {
  separate();
  text_ += truth ? "true" : "false";
}

void JsonWriter::value(std::string_view ours) {
  separate();
  quote(ours);
}

void JsonWriter::value(UntrustedView theirs) {
  separate();
  quote(theirs.bytes(SinkKey{}));
}

void JsonWriter::quote(std::string_view text) {
  text_ += '"';
  while (!text.empty()) {
    // Runs of plain ASCII go over in one piece.
    std::size_t plain = 0;
    while (plain < text.size() && text[plain] >= 0x20 && text[plain] < 0x7F && text[plain] != '"' &&
           text[plain] != '\\') {
      ++plain;
    }
    text_ += text.substr(0, plain);
    text.remove_prefix(plain);
    if (text.empty()) {
      break;
    }
    std::size_t size = utf8_sequence(text);
    if (size > 1) {
      text_ += text.substr(0, size);
    } else if (size == 1 && (text.front() == '"' || text.front() == '\\')) {
      text_ += '\\';
      text_ += text.front();
    } else if (size == 1) {
      append_escape(text_, static_cast<unsigned>(text.front()));
    } else if (is_lone_surrogate(text)) {
      append_escape(text_, surrogate(text));
      size = 3;
    } else {
      text_ += "\\ufffd";
      size = 1;
    }
    text.remove_prefix(size);
  }
  text_ += '"';
}

}  // namespace iwamtrace
