// Asks the rules of one log's records, one after the other. Made by the worker that reads the log;
// keeps its buffers, so that a million records are matched without allocating for each.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "analyzers/sigma/rule_set.h"
#include "model/detection.h"
#include "model/event_record.h"

namespace iwamtrace::sigma {

// The images of processes by their number, as the records of their start told them: those of NT5
// name the parent by its number alone.
class ProcessImages {
 public:
  void started(std::uint64_t process, std::string_view image);
  void ended(std::uint64_t process) { images_.erase(process); }
  // All are gone when Windows starts.
  void clear() { images_.clear(); }
  [[nodiscard]] std::string_view image_of(std::uint64_t process) const;

 private:
  // More than Windows of that time could run; a hostile log may start as many as it likes.
  static constexpr std::size_t kMost = 1 << 14;
  std::unordered_map<std::uint64_t, std::string> images_;
};

class RuleMatcher {
 public:
  explicit RuleMatcher(const RuleSet& rules) : rules_(rules) {}

  [[nodiscard]] bool wants(const EventHead& head) const {
    return rules_.wants(head.channel, head.event_id, head.key.id) || tells_of_processes(head);
  }
  // Calls hit(rule) for each rule that the record matches. Records of one log come in its order.
  template <typename Hit>
  void match(const EventRecord& record, const Hit& hit) {
    note_process(record);
    for (std::size_t i = 0; i < rules_.groups_of(record.head.channel).size(); ++i) {
      const RuleGroup& group = *rules_.groups_of(record.head.channel)[i];
      if (group.wants(record.head.event_id) || group.wants(record.head.key.id)) {
        begin(group, record);
        for (const std::uint32_t rule : matching(group, record)) {
          hit(rule);
        }
      }
    }
  }
  // What a hit of the rule must carry for correlations.
  [[nodiscard]] std::vector<Untrusted> keys_of(std::uint32_t rule, const EventRecord& record);

 private:
  enum class Truth : std::uint8_t { kFalse, kTrue, kUnknown };
  struct Value {
    std::uint16_t field = 0;
    std::string_view text;
  };
  // What is remembered of one group's literals, tests and rules; each is of the record whose number
  // it bears.
  struct Memory {
    const RuleGroup* group = nullptr;
    std::vector<std::uint32_t> found, asked_rule, has_field;
    std::vector<std::pair<std::uint32_t, Truth>> answers;  // by verified test
    // Of the records of one event id: names by position, as last seen, and which fields matter.
    struct Layout {
      std::vector<std::pair<std::string, std::uint16_t>> fields;
      std::vector<bool> needed;
    };
    std::unordered_map<std::uint32_t, Layout> layouts;
  };

  // The start of Windows and the end of a process, where parents are looked up.
  [[nodiscard]] bool tells_of_processes(const EventHead& head) const;
  void note_process(const EventRecord& record);
  void begin(const RuleGroup& group, const EventRecord& record);
  Memory::Layout& layout_of(const RuleGroup& group, const EventHead& head);
  void add(std::uint16_t field, std::string_view text);
  void add_head(const EventRecord& record);
  void add_strings(const EventRecord& record);
  void add_parent(const EventRecord& record);
  std::uint16_t field_at(std::size_t position, std::string_view name);
  const std::vector<std::uint32_t>& matching(const RuleGroup& group, const EventRecord& record);
  Truth truth_of(std::uint32_t number);
  Truth truth_of_test(const GroupTest& test);
  Truth verify(const GroupTest& test);
  [[nodiscard]] bool has(std::uint16_t field) const;

  const RuleSet& rules_;
  std::vector<Memory> memories_;
  Memory* memory_ = nullptr;  // of the group that is asked
  Memory::Layout* layout_ = nullptr;
  std::uint32_t now_ = 0;  // number of the record, for a group
  bool partial_ = false;   // the record lacks fields that rules expect
  std::vector<Value> values_;
  std::vector<std::uint32_t> candidates_, hits_;
  std::string event_id_, nt6_id_, level_, keywords_, time_;
  ProcessImages images_;
};

}  // namespace iwamtrace::sigma
