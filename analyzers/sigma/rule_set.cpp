#include "analyzers/sigma/rule_set.h"

#include <algorithm>
#include <tuple>
#include <utility>

namespace iwamtrace::sigma {
namespace {

// "attack.t1110.001" is the technique T1110.001.
std::vector<std::string> techniques_of(const std::vector<std::string>& tags) {
  std::vector<std::string> techniques;
  for (const std::string& tag : tags) {
    constexpr std::string_view kStart = "attack.t";
    const bool digit =
        tag.size() > kStart.size() && tag[kStart.size()] >= '0' && tag[kStart.size()] <= '9';
    if (tag.starts_with(kStart) && digit) {
      techniques.push_back("T" + tag.substr(kStart.size()));
    }
  }
  return techniques;
}

Untrusted source_of(const Rule& rule) {
  if (rule.kind == Rule::Kind::kCorrelation) {
    return say("correlation");
  }
  Untrusted text{rule.log_source.product};
  for (const auto& [what, name] : {std::pair(", category ", rule.log_source.category),
                                   std::pair(", service ", rule.log_source.service)}) {
    if (!name.empty()) {
      text.append(say(std::string_view{what}, std::string_view{name}).view());
    }
  }
  return text;
}

using ScopeKey = std::tuple<Channel, std::vector<std::uint16_t>, bool>;

ScopeKey key_of(const Scope& scope) {
  return {scope.channel, {scope.ids.begin(), scope.ids.end()}, scope.partial};
}

bool is_called(const Rule& rule, const std::string& name, const Rule& by) {
  return rule.id == name || (rule.name == name && rule.beside == by.beside);
}

}  // namespace

RuleSet::RuleSet(std::span<const RuleText> files, std::span<const RuleText> beside) {
  FilesOfIds known;
  read(files, false, known);
  read(beside, true, known);
  check_detections();
  apply_filters();
  check_correlations();
  drop_refused();
  compile();
  tell();
}

void RuleSet::read(std::span<const RuleText> files, bool beside, FilesOfIds& known) {
  for (const RuleText& file : files) {
    if (!file.unreadable.empty()) {
      refused_.push_back(RefusedRule{
          Untrusted{file.name}, {}, say("cannot be read: ", Untrusted{file.unreadable})});
      continue;
    }
    RuleFile read = read_rules(file.name, file.yaml);
    std::ranges::move(read.refused, std::back_inserter(refused_));
    for (Rule& rule : read.rules) {
      rule.beside = beside;
      if (rule.id.empty() || known.try_emplace(rule.id, file.name).second) {
        rules_.push_back(std::move(rule));
      } else if (!beside) {
        refused_.push_back(
            RefusedRule{Untrusted{file.name}, Untrusted{rule.title},
                        say("its id is that of a rule in ", std::string_view{known.at(rule.id)})});
      }
    }
  }
  refused_rules_.assign(rules_.size(), false);
}

void RuleSet::refuse(std::uint32_t number, const std::string& reason) {
  refused_.push_back(RefusedRule{Untrusted{rules_[number].file}, Untrusted{rules_[number].title},
                                 Untrusted{reason}});
  refused_rules_[number] = true;
}

std::optional<std::uint32_t> RuleSet::find(const std::string& name, const Rule& correlation) const {
  for (std::uint32_t i = 0; i < rules_.size(); ++i) {
    const Rule& rule = rules_[i];
    if (rule.kind != Rule::Kind::kFilter && !refused_rules_[i] &&
        is_called(rule, name, correlation)) {
      return i;
    }
  }
  return std::nullopt;
}

void RuleSet::check_detections() {
  for (std::uint32_t number = 0; number < rules_.size(); ++number) {
    const Rule& rule = rules_[number];
    try {
      if (rule.kind != Rule::Kind::kCorrelation) {
        scopes_of(rule.log_source);
        check_detection(rule.detection);
      }
    } catch (const RuleError& error) {
      refuse(number, error.what());
    }
  }
}

// A filter says what must hold besides, in every rule that it names.
void RuleSet::apply_filters() {
  for (std::uint32_t number = 0; number < rules_.size(); ++number) {
    const Rule& filter = rules_[number];
    if (filter.kind != Rule::Kind::kFilter || refused_rules_[number]) {
      continue;
    }
    bool filters = false;
    for (Rule& rule : rules_) {
      const bool named = (filter.filtered.empty() && rule.beside == filter.beside) ||
                         std::ranges::any_of(filter.filtered, [&](const std::string& name) {
                           return is_called(rule, name, filter);
                         });
      if (rule.kind == Rule::Kind::kDetection && named) {
        std::vector<Expression> parts{std::move(rule.detection), filter.detection};
        rule.detection = all_of(std::move(parts));
        filters = true;
      }
    }
    if (!filters) {
      refuse(number, "a filter of rules that are not there");
    }
  }
}

std::string RuleSet::why_unlinked(const Rule& correlation) const {
  for (const std::string& name : correlation.correlation.rules) {
    const auto found = find(name, correlation);
    if (!found) {
      return "it names the rule \"" + name + "\", which is not there or refused";
    }
    if (rules_[*found].kind == Rule::Kind::kCorrelation) {
      return "a correlation of correlations is not supported";
    }
  }
  return {};
}

void RuleSet::check_correlations() {
  for (std::uint32_t number = 0; number < rules_.size(); ++number) {
    if (rules_[number].kind == Rule::Kind::kCorrelation) {
      if (const std::string why = why_unlinked(rules_[number]); !why.empty()) {
        refuse(number, why);
      }
    }
  }
}

// Filters have done their work by now.
void RuleSet::drop_refused() {
  std::vector<Rule> kept;
  for (std::uint32_t number = 0; number < rules_.size(); ++number) {
    if (!refused_rules_[number] && rules_[number].kind != Rule::Kind::kFilter) {
      kept.push_back(std::move(rules_[number]));
    }
  }
  rules_ = std::move(kept);
  refused_rules_.assign(rules_.size(), false);
  keys_of_.resize(rules_.size());
}

void RuleSet::compile() {
  std::vector<std::pair<ScopeKey, std::shared_ptr<RuleGroup>>> groups;
  for (std::uint32_t number = 0; number < rules_.size(); ++number) {
    if (rules_[number].kind != Rule::Kind::kDetection) {
      continue;
    }
    for (const Scope& scope : scopes_of(rules_[number].log_source)) {
      auto found =
          std::ranges::find(groups, key_of(scope), [](const auto& entry) { return entry.first; });
      if (found == groups.end()) {
        groups.emplace_back(key_of(scope), std::make_shared<RuleGroup>(scope));
        found = std::prev(groups.end());
      }
      found->second->add(number, rules_[number].detection);
    }
  }
  for (auto& [key, group] : groups) {
    group->build();
    auto& of_channel = groups_[static_cast<std::size_t>(group->scope().channel)];
    of_channel.push_back(std::move(group));
  }
}

std::uint32_t RuleSet::new_key(const Rule& correlation, const std::string& field) {
  const CorrelationText& text = correlation.correlation;
  const auto alias = text.aliases.find(field);
  for (const std::string& name : text.rules) {
    const std::uint32_t rule = *find(name, correlation);
    std::string of_rule = field;
    if (alias != text.aliases.end()) {
      const auto renamed = alias->second.find(name);
      of_rule = renamed == alias->second.end() ? field : renamed->second;
    }
    keys_of_[rule].resize(keys_ + 1);
    keys_of_[rule][keys_] = of_rule;
  }
  return static_cast<std::uint32_t>(keys_++);
}

Correlation RuleSet::linked(std::uint32_t number) {
  const CorrelationText& text = rules_[number].correlation;
  Correlation correlation;
  correlation.type = text.type;
  correlation.timespan = text.timespan;
  correlation.compare = text.compare;
  correlation.count = text.count;
  for (const std::string& name : text.rules) {
    correlation.rules.push_back(*find(name, rules_[number]));
  }
  for (const std::string& field : text.group_by) {
    correlation.group_by.push_back(new_key(rules_[number], field));
  }
  if (!text.field.empty()) {
    correlation.field = new_key(rules_[number], text.field);
  }
  return correlation;
}

void RuleSet::tell() {
  for (const Rule& rule : rules_) {
    DetectionRule told;
    told.id = Untrusted{rule.id};
    told.title = Untrusted{rule.title};
    told.description = Untrusted{rule.description};
    told.file = Untrusted{rule.file};
    told.log_source = source_of(rule);
    told.finding = rule.finding;
    told.severity = rule.severity;
    told.techniques = techniques_of(rule.tags);
    for (const std::string& text : rule.false_positives) {
      told.false_positives.emplace_back(text);
    }
    told_.push_back(std::move(told));
  }
  for (std::uint32_t number = 0; number < rules_.size(); ++number) {
    if (rules_[number].kind == Rule::Kind::kCorrelation) {
      told_[number].correlation = linked(number);
      for (const std::uint32_t rule : told_[number].correlation->rules) {
        told_[rule].reports = rules_[number].correlation.generate;
      }
    }
  }
}

bool RuleSet::wants(Channel channel, std::uint16_t id, std::uint16_t nt6_id) const {
  return std::ranges::any_of(groups_of(channel), [&](const auto& group) {
    return group->wants(id) || (nt6_id != id && group->wants(nt6_id));
  });
}

}  // namespace iwamtrace::sigma
