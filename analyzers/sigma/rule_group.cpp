#include "analyzers/sigma/rule_group.h"

#include <algorithm>
#include <charconv>
#include <iterator>

#include "model/text.h"

namespace iwamtrace::sigma {
namespace {

using Op = Expression::Op;
using Kind = ValueTest::Kind;
using Ids = std::vector<std::uint16_t>;

LiteralAutomaton::Place place_of(ValueTest::Anchor anchor) {
  using Place = LiteralAutomaton::Place;
  switch (anchor) {
    case ValueTest::Anchor::kWhole:
      return Place::kWhole;
    case ValueTest::Anchor::kStart:
      return Place::kStart;
    case ValueTest::Anchor::kEnd:
      return Place::kEnd;
    case ValueTest::Anchor::kAnywhere:
      break;
  }
  return Place::kAnywhere;
}

// Below, "may have any id" is nothing, and no id at all an empty list.
std::optional<Ids> ids_of_all(const Expression& expression) {
  std::optional<Ids> ids;
  for (const Expression& part : expression.parts) {
    const auto of_part = event_ids_of(part);
    if (!of_part) {
      continue;
    }
    if (!ids) {
      ids = of_part;
      continue;
    }
    Ids both;
    std::ranges::set_intersection(*ids, *of_part, std::back_inserter(both));
    ids = std::move(both);
  }
  return ids;
}

std::optional<Ids> ids_of_any(const Expression& expression) {
  Ids ids;
  for (const Expression& part : expression.parts) {
    const auto of_part = event_ids_of(part);
    if (!of_part) {
      return std::nullopt;
    }
    Ids both;
    std::ranges::set_union(ids, *of_part, std::back_inserter(both));
    ids = std::move(both);
  }
  return ids;
}

std::optional<Ids> ids_of_test(const ValueTest& test) {
  if (test.field != fields::kEventId || test.kind != Kind::kText) {
    return std::nullopt;
  }
  std::uint16_t id = 0;
  const char* const end = test.text.data() + test.text.size();
  const auto [read, error] = std::from_chars(test.text.data(), end, id);
  return error == std::errc{} && read == end ? std::optional(Ids{id}) : std::nullopt;
}

}  // namespace

void check_detection(const Expression& detection) {
  if (detection.op == Op::kTest) {
    const CompiledTest compiled(detection.test);
  }
  for (const Expression& part : detection.parts) {
    check_detection(part);
  }
}

std::optional<Ids> event_ids_of(const Expression& expression) {
  switch (expression.op) {
    case Op::kTest:
      return ids_of_test(expression.test);
    case Op::kAll:
      return ids_of_all(expression);
    case Op::kAny:
      return ids_of_any(expression);
    case Op::kNot:
      break;
  }
  return std::nullopt;
}

RuleGroup::RuleGroup(Scope scope) : scope_(scope) {}

std::uint16_t RuleGroup::field(const std::string& rule_name) {
  const auto renamed = std::ranges::find(scope_.renamed, rule_name, &FieldName::rule);
  const std::string name =
      renamed == scope_.renamed.end() ? rule_name : std::string(renamed->record);
  const auto [place, is_new] =
      field_of_.try_emplace(name, static_cast<std::uint16_t>(automata_.size()));
  if (is_new) {
    automata_.emplace_back();
  }
  return place->second;
}

std::uint16_t RuleGroup::field_of(std::string_view record_name) const {
  const auto found = field_of_.find(record_name);
  return found == field_of_.end() ? kNoField : found->second;
}

std::uint32_t RuleGroup::literal(std::uint16_t field, std::string_view text, Anchor anchor) {
  std::string folded(text);
  std::ranges::transform(folded, folded.begin(), lower);
  const auto [place, is_new] = literals_.try_emplace(LiteralKey{field, std::move(folded), anchor},
                                                     static_cast<std::uint32_t>(literals_.size()));
  if (is_new) {
    // What must stand at an end is found less often by chance.
    literal_sizes_.push_back(text.size() + (anchor == Anchor::kAnywhere ? 0 : 2));
    triggered_by_.emplace_back();
    automata_[field].add(text, place_of(anchor), place->second);
  }
  return place->second;
}

std::uint32_t RuleGroup::test(const ValueTest& test) {
  auto& candidates = tests_by_text_[{test.field, static_cast<int>(test.kind), test.text}];
  for (const std::uint32_t known : candidates) {
    if (known_tests_[known].first == test) {
      return known_tests_[known].second;
    }
  }
  CompiledTest compiled(test);
  GroupTest made;
  made.field = made.other_field = field(test.field);
  std::vector<std::uint32_t> triggers;
  const auto plain = test.kind == Kind::kText && !test.cased ? plain_text(test.text) : std::nullopt;
  if (plain) {
    made.literal = literal(made.field, plain->text, plain->anchor);
    triggers.push_back(made.literal);
  } else {
    for (const std::string& text : compiled.needed_texts()) {
      triggers.push_back(literal(made.field, text, Anchor::kAnywhere));
    }
    if (test.kind == Kind::kFieldRef) {
      made.other_field = field(test.text);
    }
    made.verified = static_cast<std::uint32_t>(verified_.size());
    verified_.push_back(std::move(compiled));
  }
  const auto number = static_cast<std::uint32_t>(tests_.size());
  tests_.push_back(made);
  test_triggers_.push_back(std::move(triggers));
  candidates.push_back(static_cast<std::uint32_t>(known_tests_.size()));
  known_tests_.emplace_back(test, number);
  return number;
}

void RuleGroup::fill(std::uint32_t node, const Expression& expression) {
  Node filled;
  filled.op = expression.op;
  if (expression.op == Op::kTest) {
    filled.first = test(expression.test);
  } else {
    filled.first = static_cast<std::uint32_t>(nodes_.size());
    filled.count = static_cast<std::uint32_t>(expression.parts.size());
    nodes_.resize(nodes_.size() + expression.parts.size());
    for (std::uint32_t i = 0; i < filled.count; ++i) {
      fill(filled.first + i, expression.parts[i]);
    }
  }
  nodes_[node] = filled;
}

std::size_t RuleGroup::strength(std::span<const std::uint32_t> triggers) const {
  std::size_t weakest = SIZE_MAX;
  for (const std::uint32_t literal : triggers) {
    weakest = std::min(weakest, literal_sizes_[literal]);
  }
  return triggers.empty() ? 0 : weakest;
}

std::vector<std::uint32_t> RuleGroup::triggers_of(std::uint32_t node) const {
  const Node& here = nodes_[node];
  std::vector<std::uint32_t> triggers;
  switch (here.op) {
    case Op::kTest: {
      // Ids are looked up before anything is searched.
      const auto id_field = field_of(fields::kEventId);
      return tests_[here.first].field == id_field ? triggers : test_triggers_[here.first];
    }
    case Op::kAll:
      for (std::uint32_t i = 0; i < here.count; ++i) {
        std::vector<std::uint32_t> of_part = triggers_of(here.first + i);
        if (strength(of_part) > strength(triggers)) {
          triggers = std::move(of_part);
        }
      }
      return triggers;
    case Op::kAny:
      for (std::uint32_t i = 0; i < here.count; ++i) {
        const std::vector<std::uint32_t> of_part = triggers_of(here.first + i);
        if (of_part.empty()) {
          return {};
        }
        triggers.insert(triggers.end(), of_part.begin(), of_part.end());
      }
      return triggers;
    case Op::kNot:
      break;
  }
  return triggers;
}

void RuleGroup::add(std::uint32_t rule, const Expression& detection) {
  GroupRule made;
  made.rule = rule;
  made.root = static_cast<std::uint32_t>(nodes_.size());
  nodes_.emplace_back();
  fill(made.root, detection);
  const auto ids = event_ids_of(detection);
  if (ids && ids->empty()) {
    return;  // can never be true
  }
  made.ids = ids.value_or(Ids{});
  const auto number = static_cast<std::uint32_t>(rules_.size());
  const std::vector<std::uint32_t> triggers = triggers_of(made.root);
  for (const std::uint32_t literal : triggers) {
    triggered_by_[literal].push_back(number);
  }
  any_id_ = any_id_ || made.ids.empty();
  for (const std::uint16_t id : made.ids) {
    auto& always = always_by_id_[id];
    if (triggers.empty()) {
      always.push_back(number);
    }
  }
  if (made.ids.empty() && triggers.empty()) {
    always_.push_back(number);
  }
  rules_.push_back(std::move(made));
}

void RuleGroup::note_needs(std::uint32_t number, std::vector<bool>& needed) const {
  const Node& node = nodes_[number];
  if (node.op == Op::kTest) {
    needed[tests_[node.first].field] = needed[tests_[node.first].other_field] = true;
    return;
  }
  for (std::uint32_t i = 0; i < node.count; ++i) {
    note_needs(node.first + i, needed);
  }
}

void RuleGroup::find_needs() {
  needed_.assign(automata_.size(), false);
  for (const GroupRule& rule : rules_) {
    if (rule.ids.empty()) {
      note_needs(rule.root, needed_);
    }
  }
  for (const GroupRule& rule : rules_) {
    for (const std::uint16_t id : rule.ids) {
      note_needs(rule.root, needed_by_id_.try_emplace(id, needed_).first->second);
    }
  }
}

const std::vector<bool>& RuleGroup::needed(std::uint16_t id) const {
  const auto found = needed_by_id_.find(id);
  return found == needed_by_id_.end() ? needed_ : found->second;
}

void RuleGroup::build() {
  find_needs();
  head_fields_ = {
      field_of(fields::kAnywhere), field_of(fields::kEventId),  field_of(fields::kProvider),
      field_of(fields::kChannel),  field_of(fields::kComputer), field_of(fields::kLevel),
      field_of(fields::kKeywords), field_of(fields::kTime),     field_of(fields::kData),
      field_of(fields::kMessage),  field_of(fields::kBinary)};
  for (LiteralAutomaton& automaton : automata_) {
    if (!automaton.empty()) {
      automaton.build();
    }
  }
  for (auto& [id, always] : always_by_id_) {
    always.insert(always.end(), always_.begin(), always_.end());
  }
  literals_.clear();
  known_tests_.clear();
  tests_by_text_.clear();
}

bool RuleGroup::wants(std::uint16_t id) const {
  const bool in_scope = scope_.ids.empty() || std::ranges::find(scope_.ids, id) != scope_.ids.end();
  return in_scope && (any_id_ || always_by_id_.contains(id));
}

std::span<const std::uint32_t> RuleGroup::always(std::uint16_t id) const {
  const auto found = always_by_id_.find(id);
  return found == always_by_id_.end() ? always_ : found->second;
}

bool RuleGroup::concerns(const GroupRule& rule, std::uint16_t id) {
  return rule.ids.empty() || std::ranges::binary_search(rule.ids, id);
}

}  // namespace iwamtrace::sigma
