#include "analyzers/sigma/rule_matcher.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "model/timestamp.h"

namespace iwamtrace::sigma {
namespace {

using Kind = ValueTest::Kind;

// winmeta.h; NT5 has no critical and no verbose.
std::string_view number_of(Level level) {
  constexpr std::array<std::string_view, kLevels> kNumbers{"1", "2", "3", "4", "5", "0", "0"};
  return kNumbers[static_cast<std::size_t>(level)];
}

// The flags that NT6 gives audits, in hexadecimal as its records show them.
std::string keywords_of(const EventRecord& record) {
  constexpr std::uint64_t kClassic = 0x80000000000000, kSuccess = 0x20000000000000,
                          kFailure = 0x10000000000000;
  std::uint64_t keywords = record.keywords.value_or(kClassic);
  if (!record.keywords && record.level) {
    keywords |= *record.level == Level::kAuditSuccess   ? kSuccess
                : *record.level == Level::kAuditFailure ? kFailure
                                                        : 0;
  }
  std::array<char, 16> digits{};
  const char* const end =
      std::to_chars(digits.data(), digits.data() + digits.size(), keywords, 16).ptr;
  return "0x" + std::string(static_cast<const char*>(digits.data()), end);
}

}  // namespace

void ProcessImages::started(std::uint64_t process, std::string_view image) {
  if (images_.size() >= kMost && !images_.contains(process)) {
    images_.clear();
  }
  images_[process] = std::string(image);
}

std::string_view ProcessImages::image_of(std::uint64_t process) const {
  const auto found = images_.find(process);
  return found == images_.end() ? std::string_view{} : found->second;
}

bool RuleMatcher::tells_of_processes(const EventHead& head) const {
  const bool tells = head.key == events::kWindowsStarted || head.key == events::kProcessEnded;
  return tells && std::ranges::any_of(rules_.groups_of(head.channel),
                                      [](const auto& group) { return group->scope().partial; });
}

void RuleMatcher::note_process(const EventRecord& record) {
  if (record.head.key == events::kWindowsStarted) {
    images_.clear();
  } else if (record.head.key == events::kProcessEnded) {
    if (const auto process = record.field("ProcessId").number()) {
      images_.ended(*process);
    }
  } else if (record.head.key == events::kProcessStarted) {
    const auto process = record.field("NewProcessId").number();
    const UntrustedView image = record.field("NewProcessName");
    if (process && !image.empty()) {
      images_.started(*process, image.bytes(SinkKey{}));
    }
  }
}

void RuleMatcher::begin(const RuleGroup& group, const EventRecord& record) {
  const auto known = std::ranges::find(memories_, &group, &Memory::group);
  if (known == memories_.end()) {
    Memory made;
    made.group = &group;
    made.found.assign(group.literal_count(), 0);
    made.asked_rule.assign(group.rules().size(), 0);
    made.has_field.assign(group.field_count(), 0);
    made.answers.assign(group.verified().size(), {0, Truth::kFalse});
    memories_.push_back(std::move(made));
    memory_ = &memories_.back();
  } else {
    memory_ = &*known;
  }
  if (++now_ == 0) {  // after four thousand million records what is remembered might look new
    memories_.clear();
    begin(group, record);
    return;
  }
  layout_ = &layout_of(group, record.head);
  partial_ = group.scope().partial || record.nt6_id.has_value();
  values_.clear();
  candidates_.clear();
  add_head(record);
  add_strings(record);
  if (group.scope().partial) {
    add_parent(record);
  }
}

// A hostile log may have as many ids as there are.
RuleMatcher::Memory::Layout& RuleMatcher::layout_of(const RuleGroup& group, const EventHead& head) {
  constexpr std::size_t kMostLayouts = 4096;
  if (memory_->layouts.size() >= kMostLayouts) {
    memory_->layouts.clear();
  }
  const std::uint32_t key = std::uint32_t{head.key.id} << 16 | head.event_id;
  const auto [place, is_new] = memory_->layouts.try_emplace(key);
  if (is_new) {
    place->second.needed = group.needed(head.key.id);
    if (head.event_id != head.key.id) {
      const std::vector<bool>& also = group.needed(head.event_id);
      for (std::size_t i = 0; i < also.size(); ++i) {
        place->second.needed[i] = place->second.needed[i] || also[i];
      }
    }
  }
  return place->second;
}

void RuleMatcher::add(std::uint16_t field, std::string_view text) {
  if (field == RuleGroup::kNoField || !layout_->needed[field]) {
    return;
  }
  values_.push_back(Value{field, text});
  // An empty field of a record that lacks fields is as good as none.
  memory_->has_field[field] = partial_ && text.empty() ? memory_->has_field[field] : now_;
  const LiteralAutomaton& automaton = memory_->group->automaton(field);
  if (automaton.empty()) {
    return;
  }
  automaton.scan(text, [&](std::uint32_t literal) {
    if (std::exchange(memory_->found[literal], now_) == now_) {
      return;
    }
    for (const std::uint32_t rule : memory_->group->triggered_by(literal)) {
      if (std::exchange(memory_->asked_rule[rule], now_) != now_) {
        candidates_.push_back(rule);
      }
    }
  });
}

void RuleMatcher::add_head(const EventRecord& record) {
  const SinkKey key;
  const RuleGroup::HeadFields& fields = memory_->group->head_fields();
  const auto needed = [&](std::uint16_t field) {
    return field != RuleGroup::kNoField && layout_->needed[field];
  };
  if (needed(fields.event_id)) {
    event_id_ = std::to_string(record.head.event_id);
    add(fields.event_id, event_id_);
    if (record.nt6_id) {
      nt6_id_ = std::to_string(*record.nt6_id);
      add(fields.event_id, nt6_id_);
    }
  }
  add(fields.provider, record.source().bytes(key));
  if (const std::string_view other = nt6_provider(record.head.key); !other.empty()) {
    add(fields.provider, other);
  }
  add(fields.channel, record.log().bytes(key));
  add(fields.computer, record.computer().bytes(key));
  if (record.level) {
    add(fields.level, number_of(*record.level));
  }
  if (needed(fields.keywords)) {
    keywords_ = keywords_of(record);
    add(fields.keywords, keywords_);
  }
  if (needed(fields.time)) {
    time_ = to_iso(record.head.time);
    add(fields.time, time_);
  }
}

// Fields stand in the same places in most records of one kind.
std::uint16_t RuleMatcher::field_at(std::size_t position, std::string_view name) {
  constexpr std::size_t kMostRemembered = 64;
  auto& fields = layout_->fields;
  if (position < fields.size() && fields[position].first == name) {
    return fields[position].second;
  }
  const std::uint16_t field = memory_->group->field_of(name);
  if (position < kMostRemembered) {
    fields.resize(std::max(fields.size(), position + 1), {std::string{}, RuleGroup::kNoField});
    fields[position] = {std::string(name), field};
  }
  return field;
}

void RuleMatcher::add_strings(const EventRecord& record) {
  const SinkKey key;
  const RuleGroup::HeadFields& fields = memory_->group->head_fields();
  add(fields.anywhere, record.source().bytes(key));
  std::size_t position = 0;
  for (const EventRecord::Field& field : record.fields()) {
    const std::string_view name = record.name(field).bytes(key);
    const std::string_view text = record.value(field).bytes(key);
    if (field.kind == EventRecord::FieldKind::kData) {
      add(fields.binary, text);
    } else if (!name.empty() && name != sigma::fields::kData) {
      add(field_at(position, name), text);
    }
    if (field.kind == EventRecord::FieldKind::kString) {
      add(fields.data, text);
      add(fields.message, text);
    }
    add(fields.anywhere, text);
    ++position;
  }
}

void RuleMatcher::add_parent(const EventRecord& record) {
  constexpr std::string_view kParent = "ParentProcessName";
  const std::uint16_t field = memory_->group->field_of(kParent);
  if (field == RuleGroup::kNoField || !record.field(kParent).empty()) {
    return;
  }
  if (const auto parent = record.field("ProcessId").number()) {
    if (const std::string_view image = images_.image_of(*parent); !image.empty()) {
      add(field, image);
    }
  }
}

const std::vector<std::uint32_t>& RuleMatcher::matching(const RuleGroup& group,
                                                        const EventRecord& record) {
  hits_.clear();
  const auto ask = [&](std::uint32_t number, std::uint16_t id) {
    const GroupRule& rule = group.rules()[number];
    const bool concerned =
        RuleGroup::concerns(rule, id) || RuleGroup::concerns(rule, record.head.event_id);
    if (concerned && truth_of(rule.root) == Truth::kTrue) {
      hits_.push_back(rule.rule);
    }
  };
  for (const std::uint32_t number : candidates_) {
    ask(number, record.head.key.id);
  }
  for (const std::uint16_t id : {record.head.key.id, record.head.event_id}) {
    for (const std::uint32_t number : group.always(id)) {
      if (std::exchange(memory_->asked_rule[number], now_) != now_) {
        ask(number, id);
      }
    }
  }
  std::ranges::sort(hits_);
  return hits_;
}

bool RuleMatcher::has(std::uint16_t field) const { return memory_->has_field[field] == now_; }

RuleMatcher::Truth RuleMatcher::truth_of(std::uint32_t number) {
  const Node& node = memory_->group->nodes()[number];
  if (node.op == Expression::Op::kTest) {
    return truth_of_test(memory_->group->tests()[node.first]);
  }
  if (node.op == Expression::Op::kNot) {
    const Truth inner = truth_of(node.first);
    return inner == Truth::kUnknown ? inner : inner == Truth::kTrue ? Truth::kFalse : Truth::kTrue;
  }
  const Truth ends = node.op == Expression::Op::kAny ? Truth::kTrue : Truth::kFalse;
  Truth all = ends == Truth::kTrue ? Truth::kFalse : Truth::kTrue;
  for (std::uint32_t i = 0; i < node.count; ++i) {
    const Truth part = truth_of(node.first + i);
    if (part == ends) {
      return ends;
    }
    all = part == Truth::kUnknown ? part : all;
  }
  return all;
}

RuleMatcher::Truth RuleMatcher::truth_of_test(const GroupTest& test) {
  if (test.literal != GroupTest::kNone && memory_->found[test.literal] == now_) {
    return Truth::kTrue;
  }
  if (partial_ && !has(test.field)) {
    return Truth::kUnknown;
  }
  return test.verified == GroupTest::kNone ? Truth::kFalse : verify(test);
}

RuleMatcher::Truth RuleMatcher::verify(const GroupTest& test) {
  auto& [asked, answer] = memory_->answers[test.verified];
  if (std::exchange(asked, now_) == now_) {
    return answer;
  }
  const CompiledTest& compiled = memory_->group->verified()[test.verified];
  const auto any_value = [&](std::uint16_t field, const auto& holds) {
    return std::ranges::any_of(
        values_, [&](const Value& value) { return value.field == field && holds(value.text); });
  };
  bool holds = false;
  switch (compiled.test().kind) {
    case Kind::kExists:
      holds = has(test.field);
      break;
    case Kind::kNull:
      holds = !any_value(test.field, [](std::string_view text) { return !text.empty(); });
      break;
    case Kind::kFieldRef:
      holds = any_value(test.field, [&](std::string_view text) {
        return any_value(test.other_field,
                         [&](std::string_view other) { return compiled.holds(text, other); });
      });
      break;
    default:
      holds = any_value(test.field, [&](std::string_view text) { return compiled.holds(text); });
  }
  answer = holds ? Truth::kTrue : Truth::kFalse;
  return answer;
}

std::vector<Untrusted> RuleMatcher::keys_of(std::uint32_t rule, const EventRecord& record) {
  std::vector<Untrusted> values;
  for (const std::string& name : rules_.keys_of(rule)) {
    UntrustedView value = record.field(name);
    if (value.empty() && name == fields::kComputer) {
      value = record.computer();
    }
    for (const auto& group : rules_.groups_of(record.head.channel)) {
      const auto renamed = std::ranges::find(group->scope().renamed, name, &FieldName::rule);
      if (value.empty() && renamed != group->scope().renamed.end()) {
        value = record.field(renamed->record);
      }
    }
    values.emplace_back(value);
  }
  return values;
}

}  // namespace iwamtrace::sigma
