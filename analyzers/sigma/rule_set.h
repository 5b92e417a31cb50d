// The rules of a run: read, compiled once, and asked by every worker.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "analyzers/sigma/rule_group.h"
#include "analyzers/sigma/rule_reader.h"
#include "model/channel.h"
#include "model/detection.h"

namespace iwamtrace::sigma {

// A file of rules; `name` is how it is spoken of.
struct RuleText {
  std::string name;
  std::string yaml;
  std::string unreadable{};  // why there is no text
};

class RuleSet {
 public:
  RuleSet() = default;
  // What cannot be used is refused, with the reason, and nothing of it is used. Of `beside` each
  // rule is taken whose id none of `files` has. Names and filters reach only what came in the same
  // list, ids both: who brings rules of his own does not change the others by chance.
  explicit RuleSet(std::span<const RuleText> files, std::span<const RuleText> beside = {});

  [[nodiscard]] const std::vector<DetectionRule>& rules() const { return told_; }
  [[nodiscard]] const std::vector<Rule>& texts() const { return rules_; }  // of the same index
  [[nodiscard]] const std::vector<RefusedRule>& refused() const { return refused_; }
  [[nodiscard]] bool empty() const { return rules_.empty(); }

  // The fields by which correlations group or count: what a hit of the rule must carry, by index of
  // the key. Empty where no correlation asks.
  [[nodiscard]] std::span<const std::string> keys_of(std::uint32_t rule) const {
    return keys_of_[rule];
  }
  [[nodiscard]] std::span<const std::shared_ptr<const RuleGroup>> groups_of(Channel channel) const {
    return groups_[static_cast<std::size_t>(channel)];
  }
  // Whether any rule may match such a record.
  [[nodiscard]] bool wants(Channel channel, std::uint16_t id, std::uint16_t nt6_id) const;

 private:
  using FilesOfIds = std::map<std::string, std::string>;
  void read(std::span<const RuleText> files, bool beside, FilesOfIds& known);
  void check_detections();
  void apply_filters();
  void check_correlations();
  [[nodiscard]] std::string why_unlinked(const Rule& correlation) const;
  void drop_refused();
  void compile();
  void tell();
  [[nodiscard]] Correlation linked(std::uint32_t number);
  // By name or id as `correlation` says it, of those that are not refused.
  [[nodiscard]] std::optional<std::uint32_t> find(const std::string& name,
                                                  const Rule& correlation) const;
  std::uint32_t new_key(const Rule& correlation, const std::string& field);
  void refuse(std::uint32_t number, const std::string& reason);

  std::vector<Rule> rules_;
  std::vector<bool> refused_rules_;  // by index, while the set is made
  std::vector<DetectionRule> told_;
  std::vector<RefusedRule> refused_;
  std::size_t keys_ = 0;
  std::vector<std::vector<std::string>> keys_of_;  // by rule
  std::array<std::vector<std::shared_ptr<const RuleGroup>>, kChannels> groups_;
};

}  // namespace iwamtrace::sigma
