// A sink that keeps everything, for tests of parsers.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "model/evidence_sink.h"

namespace iwamtrace {

class CollectingSink : public EvidenceSink {
 public:
  void enter(SourceId source, std::string_view stage) override {
    stages.emplace_back(source, std::string(stage));
  }
  bool wants(const EventHead& head) override {
    heads.push_back(head);
    return want_events;
  }
  void take(const EventRecord& record) override { events.push_back(copy_of(record)); }
  void take(Artefact artefact) override { artefacts.push_back(std::move(artefact)); }
  void take(Damage item) override { damage.push_back(std::move(item)); }
  void take(SourceSummary summary) override { summaries.push_back(std::move(summary)); }
  void take(CrossCheck check) override { checks.push_back(std::move(check)); }

  // Every artefact of one kind, in the order in which they came.
  template <typename Item>
  [[nodiscard]] std::vector<Item> all() const {
    std::vector<Item> items;
    for (const Artefact& artefact : artefacts) {
      if (const Item* item = std::get_if<Item>(&artefact)) {
        items.push_back(*item);
      }
    }
    return items;
  }
  [[nodiscard]] std::vector<Damage> losses() const {
    std::vector<Damage> lost;
    std::ranges::copy_if(damage, std::back_inserter(lost), &Damage::lost);
    return lost;
  }

  bool want_events = true;
  std::vector<std::pair<SourceId, std::string>> stages;
  std::vector<EventHead> heads;
  std::vector<EventRecord> events;
  std::vector<Artefact> artefacts;
  std::vector<Damage> damage;
  std::vector<SourceSummary> summaries;
  std::vector<CrossCheck> checks;
};

}  // namespace iwamtrace
