#include "analyzers/explanations/explanations.h"

#include <string>

#include "analyzers/analyzer.h"
#include "analyzers/explanations/explanation_rows.h"
#include "analyzers/intrusion/techniques.h"
#include "model/codes.h"
#include "model/text.h"

namespace iwamtrace {
namespace {

using Kind = Explanation::Kind;

const ExplanationRow* row_of(std::span<const ExplanationRow> table, std::string_view id) {
  const auto found = std::ranges::find_if(
      table, [&](const ExplanationRow& row) { return equal_ignoring_case(row.id, id); });
  return found == table.end() ? nullptr : &*found;
}

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    words.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return words;
}

Explanation explanation_from(Kind kind, const ExplanationRow& row) {
  Explanation explanation;
  explanation.kind = kind;
  explanation.id = row.id;
  explanation.meaning = row.meaning;
  explanation.occurs = row.occurs;
  explanation.decided = row.decided;
  explanation.against = row.against;
  explanation.action = row.action;
  explanation.related = words_of(row.related);
  return explanation;
}

// It weighs all of its causes in every case, and so in an empty one.
bool is_weighed(std::string_view cause) {
  const Case nothing;
  const Answers answers = examine(nothing);
  return std::ranges::any_of(answers.hypotheses, [&](const WeighedHypothesis& weighed) {
    return weighed.hypothesis.id == cause;
  });
}

// "0x52E".
std::string hexadecimal(std::uint32_t code) {
  const std::string digits = eight_digits(code);
  return "0x" + digits.substr(std::min(digits.find_first_not_of('0'), digits.size() - 1));
}

std::vector<std::string> forms_of(Kind kind, std::uint32_t code) {
  switch (kind) {
    case Kind::kWin32:
      return {hexadecimal(code), eight_digits(kWin32Facility | code)};
    case Kind::kScriptError:
      return {hexadecimal(code).substr(2), eight_digits(kScriptFacility | code)};
    case Kind::kHresult:
      return {std::to_string(code), std::to_string(static_cast<std::int32_t>(code))};
    case Kind::kNtStatus:
      return {std::to_string(code)};
    default:
      return {};
  }
}

struct CodeTables {
  std::span<const NamedCode> names;
  std::span<const ExplanationRow> rows;
};

CodeTables tables_of(Kind kind) {
  switch (kind) {
    case Kind::kWin32:
      return {win32_errors(), win32_rows()};
    case Kind::kHresult:
      return {hresults(), hresult_rows()};
    case Kind::kNtStatus:
      return {nt_statuses(), nt_status_rows()};
    case Kind::kScriptError:
      return {script_errors(), script_error_rows()};
    case Kind::kHttpStatus:
      return {{}, http_status_rows()};
    default:
      return {};
  }
}

Explanation explanation_of(const Technique& technique) {
  Explanation explanation;
  explanation.kind = Kind::kTechnique;
  explanation.id = technique.id;
  explanation.meaning = technique.name;
  if (!technique.newer.empty()) {
    explanation.forms = {std::string(technique.newer)};
  }
  for (const SignKind& kind : all_sign_kinds()) {
    if (kind.technique == technique.id) {
      explanation.related.emplace_back(kind.finding);
    }
  }
  return explanation;
}

}  // namespace

std::vector<Explanation> explain_id(std::string_view id) {
  std::vector<Explanation> explanations;
  if (const ExplanationRow* row = row_of(cause_rows(), id)) {
    explanations.push_back(explanation_from(Kind::kCause, *row));
    const bool conclusion = row->id == "none" || row->id == "unknown";
    explanations.back().weighed = conclusion || is_weighed(row->id);
  }
  if (const ExplanationRow* row = row_of(finding_rows(), id)) {
    explanations.push_back(explanation_from(Kind::kFinding, *row));
  }
  if (const ExplanationRow* row = row_of(sign_rows(), id)) {
    explanations.push_back(explanation_from(Kind::kFinding, *row));
  }
  if (const ExplanationRow* row = row_of(attack_rows(), id)) {
    explanations.push_back(explanation_from(Kind::kAttack, *row));
  }
  if (const Technique* technique = technique_named(id)) {
    explanations.push_back(explanation_of(*technique));
  }
  return explanations;
}

std::optional<Explanation> explain_code(Kind kind, std::uint32_t code) {
  const CodeTables tables = tables_of(kind);
  const bool digits = kind == Kind::kHresult || kind == Kind::kNtStatus;
  const std::string id = digits ? eight_digits(code) : std::to_string(code);
  const ExplanationRow* row = row_of(tables.rows, id);
  const NamedCode* known = named_code(tables.names, code);
  if (row == nullptr && known == nullptr) {
    return std::nullopt;
  }
  Explanation explanation = explanation_from(kind, row == nullptr ? ExplanationRow{} : *row);
  explanation.id = id;
  explanation.forms = forms_of(kind, code);
  if (known != nullptr) {
    explanation.symbol = known->symbol;
    explanation.meaning = known->meaning;
  }
  return explanation;
}

std::optional<Explanation> explain_event(std::string_view source, std::uint16_t id,
                                         std::uint16_t nt6_id) {
  const auto name = [&](std::uint16_t number) {
    return std::string(source) + "/" + std::to_string(number);
  };
  const ExplanationRow* row = row_of(event_rows(), name(id));
  if (row == nullptr) {
    row = row_of(event_rows(), name(nt6_id));
  }
  if (row == nullptr) {
    return std::nullopt;
  }
  Explanation explanation = explanation_from(Kind::kEvent, *row);
  explanation.id = name(id);
  std::erase(explanation.related, explanation.id);
  return explanation;
}

}  // namespace iwamtrace
