// All rules of one log source, compiled together: what each field is searched for is found in one
// pass over its value, and only rules of which something was found are asked at all.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <utility>
#include <vector>

#include "analyzers/sigma/compiled_test.h"
#include "analyzers/sigma/literal_automaton.h"
#include "analyzers/sigma/log_sources.h"

namespace iwamtrace::sigma {

// Fields that rules ask for and that are no strings of the event.
namespace fields {
inline constexpr std::string_view kAnywhere,
    kEventId = "EventID", kProvider = "Provider_Name", kChannel = "Channel", kComputer = "Computer",
    kLevel = "Level", kKeywords = "Keywords", kTime = "TimeCreated", kData = "Data",
    kMessage = "Message", kBinary = "Binary";
}  // namespace fields

// Nodes of all rules' expressions; the children of a node stand one behind the other.
struct Node {
  Expression::Op op{};
  std::uint32_t first = 0, count = 0;  // children; of kTest `first` is the test
};

struct GroupTest {
  static constexpr std::uint32_t kNone = UINT32_MAX;

  std::uint16_t field = 0;
  std::uint16_t other_field = 0;   // of kFieldRef
  std::uint32_t literal = kNone;   // found = the test holds
  std::uint32_t verified = kNone;  // index of the compiled test that must be asked
};

struct GroupRule {
  std::uint32_t rule = 0;          // in the list of all rules
  std::uint32_t root = 0;          // its node
  std::vector<std::uint16_t> ids;  // of events, sorted; none: any of the scope
};

class RuleGroup {
 public:
  explicit RuleGroup(Scope scope);

  // A detection that check_detection() passes.
  void add(std::uint32_t rule, const Expression& detection);
  void build();

  [[nodiscard]] const Scope& scope() const { return scope_; }
  // Whether any rule may match records of this id.
  [[nodiscard]] bool wants(std::uint16_t id) const;
  // Of a name as the record has it; nothing: no rule asks for it.
  static constexpr std::uint16_t kNoField = UINT16_MAX;
  [[nodiscard]] std::uint16_t field_of(std::string_view record_name) const;
  // Those of fields::, so that no record looks them up.
  struct HeadFields {
    std::uint16_t anywhere = kNoField, event_id = kNoField, provider = kNoField, channel = kNoField,
                  computer = kNoField, level = kNoField, keywords = kNoField, time = kNoField,
                  data = kNoField, message = kNoField, binary = kNoField;
  };
  [[nodiscard]] const HeadFields& head_fields() const { return head_fields_; }
  // The fields that rules about this event id ask for, by field.
  [[nodiscard]] const std::vector<bool>& needed(std::uint16_t id) const;
  [[nodiscard]] std::size_t field_count() const { return automata_.size(); }
  [[nodiscard]] const LiteralAutomaton& automaton(std::uint16_t field) const {
    return automata_[field];
  }
  [[nodiscard]] std::size_t literal_count() const { return triggered_by_.size(); }
  [[nodiscard]] std::span<const GroupTest> tests() const { return tests_; }
  [[nodiscard]] std::span<const CompiledTest> verified() const { return verified_; }
  [[nodiscard]] std::span<const Node> nodes() const { return nodes_; }
  [[nodiscard]] std::span<const GroupRule> rules() const { return rules_; }
  // Rules to be asked when the literal is found, and those to be asked of every record.
  [[nodiscard]] std::span<const std::uint32_t> triggered_by(std::uint32_t literal) const {
    return triggered_by_[literal];
  }
  [[nodiscard]] std::span<const std::uint32_t> always(std::uint16_t id) const;
  [[nodiscard]] static bool concerns(const GroupRule& rule, std::uint16_t id);

 private:
  using Anchor = ValueTest::Anchor;
  using LiteralKey = std::tuple<std::uint16_t, std::string, Anchor>;
  struct TextHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const {
      return std::hash<std::string_view>{}(text);
    }
  };

  std::uint16_t field(const std::string& rule_name);
  std::uint32_t literal(std::uint16_t field, std::string_view text, Anchor anchor);
  std::uint32_t test(const ValueTest& test);
  void fill(std::uint32_t node, const Expression& expression);
  void note_needs(std::uint32_t number, std::vector<bool>& needed) const;
  void find_needs();
  // Literals of which one must be found or the expression cannot be true; none: it may be.
  [[nodiscard]] std::vector<std::uint32_t> triggers_of(std::uint32_t node) const;
  [[nodiscard]] std::size_t strength(std::span<const std::uint32_t> triggers) const;

  Scope scope_;
  std::unordered_map<std::string, std::uint16_t, TextHash, std::equal_to<>> field_of_;
  std::vector<LiteralAutomaton> automata_;  // by field
  std::map<LiteralKey, std::uint32_t> literals_;
  std::vector<std::size_t> literal_sizes_;
  std::vector<GroupTest> tests_;
  std::vector<std::vector<std::uint32_t>> test_triggers_;  // by test
  std::vector<std::pair<ValueTest, std::uint32_t>> known_tests_;
  std::map<std::tuple<std::string, int, std::string>, std::vector<std::uint32_t>> tests_by_text_;
  std::vector<CompiledTest> verified_;
  std::vector<Node> nodes_;
  std::vector<GroupRule> rules_;
  std::vector<std::vector<std::uint32_t>> triggered_by_;
  std::map<std::uint16_t, std::vector<std::uint32_t>> always_by_id_;
  std::vector<std::uint32_t> always_;  // of any id
  bool any_id_ = false;
  HeadFields head_fields_;
  std::map<std::uint16_t, std::vector<bool>> needed_by_id_;
  std::vector<bool> needed_;  // by rules about any id
};

// Throws RuleError where a test of it cannot be compiled.
void check_detection(const Expression& detection);

// The event ids without which the expression cannot be true, sorted; nothing: any.
std::optional<std::vector<std::uint16_t>> event_ids_of(const Expression& expression);

}  // namespace iwamtrace::sigma
