// The tables of explanations, one a file, each sorted by id. Private to analyzers/explanations.
#pragma once

#include <algorithm>
#include <functional>
#include <span>
#include <string_view>

namespace iwamtrace {

// What is known of one id beside its name. Empty where nothing more is to be said. What rests on
// memory or inference alone says so in its words.
struct ExplanationRow {
  std::string_view id{};
  std::string_view meaning{};
  std::string_view occurs{};   // when one meets it on a web server
  std::string_view decided{};  // what speaks for it, and the rivals it is told from
  std::string_view against{};  // what speaks against it, and its innocent twins
  std::string_view action{};   // what to do or to collect
  std::string_view related{};  // ids, a blank between two
};

std::span<const ExplanationRow> cause_rows();
std::span<const ExplanationRow> finding_rows();
std::span<const ExplanationRow> sign_rows();    // findings too, of an intrusion
std::span<const ExplanationRow> attack_rows();  // ways in
std::span<const ExplanationRow> event_rows();   // "DCOM/10004"
// By the code as it is written: "1326", "8000401A", "C000006A"; of a script in decimal.
std::span<const ExplanationRow> win32_rows();
std::span<const ExplanationRow> hresult_rows();
std::span<const ExplanationRow> nt_status_rows();
std::span<const ExplanationRow> script_error_rows();
std::span<const ExplanationRow> http_status_rows();

constexpr bool in_order(std::span<const ExplanationRow> table) {
  return std::ranges::adjacent_find(table, std::ranges::greater_equal{}, &ExplanationRow::id) ==
         table.end();
}

}  // namespace iwamtrace
