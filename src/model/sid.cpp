#include "model/sid.h"

#include <algorithm>
#include <charconv>
#include <utility>

namespace iwamtrace {

std::optional<Sid> Sid::from_text(std::string_view text) {
  if (text.starts_with("%{") && text.ends_with('}')) {
    text = text.substr(2, text.size() - 3);
  }
  if (!text.starts_with("S-1-") && !text.starts_with("s-1-")) {
    return std::nullopt;
  }
  text.remove_prefix(4);
  Sid sid;
  bool authority_read = false;
  while (true) {
    const bool hexadecimal = text.starts_with("0x");
    if (hexadecimal) {
      text.remove_prefix(2);
    }
    std::uint64_t value = 0;
    const char* end = text.data() + text.size();
    const auto parsed = std::from_chars(text.data(), end, value, hexadecimal ? 16 : 10);
    if (parsed.ec != std::errc{}) {
      return std::nullopt;
    }
    if (!authority_read) {
      sid.authority = value;
      authority_read = true;
    } else if (sid.count == kMaxSubauthorities || value > UINT32_MAX) {
      return std::nullopt;
    } else {
      sid.subauthorities[sid.count++] = static_cast<std::uint32_t>(value);
    }
    text.remove_prefix(static_cast<std::size_t>(parsed.ptr - text.data()));
    if (text.empty()) {
      return sid;
    }
    if (text.front() != '-') {
      return std::nullopt;
    }
    text.remove_prefix(1);
  }
}

std::optional<std::uint32_t> Sid::rid() const {
  return count == 0 ? std::nullopt : std::optional{subauthorities[count - 1U]};
}

bool Sid::is_in(const Sid& domain) const {
  return count == domain.count + 1 && domain.with(*rid()) == *this;
}

Sid Sid::with(std::uint32_t rid) const {
  Sid sid = *this;
  if (sid.count < kMaxSubauthorities) {
    sid.subauthorities[sid.count++] = rid;
  }
  return sid;
}

char* sid_to_text(const Sid& sid, char* out) {
  const auto number = [&](std::uint64_t value, int base) {
    out = std::to_chars(out, out + 20, value, base).ptr;
  };
  *out++ = 'S';
  *out++ = '-';
  number(sid.revision, 10);
  *out++ = '-';
  if (sid.authority >
      UINT32_MAX) {  // MS-DTYP 2.4.2.1: large authorities are written in hexadecimal
    *out++ = '0';
    *out++ = 'x';
    number(sid.authority, 16);
  } else {
    number(sid.authority, 10);
  }
  for (std::size_t i = 0; i < sid.count; ++i) {
    *out++ = '-';
    number(sid.subauthorities[i], 10);
  }
  return out;
}

std::string_view well_known_name(const Sid& sid) {
  using Row = std::pair<Sid, std::string_view>;
  static constexpr std::array kNames{Row{well_known::kEveryone, "Everyone"},
                                     Row{Sid{1, 1, 2, {0}}, "LOCAL"},
                                     Row{Sid{1, 1, 3, {0}}, "CREATOR OWNER"},
                                     Row{Sid{1, 1, 5, {1}}, "DIALUP"},
                                     Row{Sid{1, 1, 5, {2}}, "NETWORK"},
                                     Row{well_known::kBatch, "BATCH"},
                                     Row{well_known::kInteractive, "INTERACTIVE"},
                                     Row{Sid{1, 1, 5, {6}}, "SERVICE"},
                                     Row{Sid{1, 1, 5, {7}}, "ANONYMOUS LOGON"},
                                     Row{Sid{1, 1, 5, {9}}, "ENTERPRISE DOMAIN CONTROLLERS"},
                                     Row{well_known::kAuthenticatedUsers, "Authenticated Users"},
                                     Row{Sid{1, 1, 5, {12}}, "RESTRICTED"},
                                     Row{Sid{1, 1, 5, {13}}, "TERMINAL SERVER USER"},
                                     Row{Sid{1, 1, 5, {14}}, "REMOTE INTERACTIVE LOGON"},
                                     Row{Sid{1, 1, 5, {15}}, "This Organization"},
                                     Row{Sid{1, 1, 5, {17}}, "IUSR"},
                                     Row{well_known::kSystem, "SYSTEM"},
                                     Row{Sid{1, 1, 5, {19}}, "LOCAL SERVICE"},
                                     Row{Sid{1, 1, 5, {20}}, "NETWORK SERVICE"}};
  const auto found = std::ranges::find(kNames, sid, &Row::first);
  return found == kNames.end() ? std::string_view{} : found->second;
}

std::string to_string(const Sid& sid) {
  std::array<char, kMaxSidText> buffer{};
  return {buffer.data(), sid_to_text(sid, buffer.data())};
}

}  // namespace iwamtrace
