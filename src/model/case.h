// All that was read of one case. Built once, sorted, and never changed by those who look at it.
#pragma once

#include <tuple>
#include <variant>
#include <vector>

#include "model/artefact.h"
#include "model/event_record.h"
#include "model/source.h"

namespace iwamtrace {

template <typename Variant>
struct ListsOf;
template <typename... Items>
struct ListsOf<std::variant<Items...>> {
  using Type = std::tuple<std::vector<Items>...>;
};

struct Case {
  Untrusted name;
  std::vector<Untrusted> inputs;
  std::vector<Source> sources;       // by id
  std::vector<EventRecord> events;   // by time, then source, then offset
  std::vector<DetectionRule> rules;  // that were asked; hits name them by index

  // Every artefact of one kind, by citation; the metabases by version, oldest first.
  template <typename Item>
  [[nodiscard]] const std::vector<Item>& all() const {
    return std::get<std::vector<Item>>(artefacts_);
  }
  [[nodiscard]] const Source& source(SourceId id) const {
    return sources.at(static_cast<std::size_t>(id));
  }

  void add(Artefact artefact);
  // Puts everything in its final order, which does not depend on who was read first.
  void sort();

 private:
  ListsOf<Artefact>::Type artefacts_;
};

}  // namespace iwamtrace
