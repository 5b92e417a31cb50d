#include "model/case.h"

#include <algorithm>
#include <type_traits>
#include <utility>

namespace iwamtrace {

void Case::add(Artefact artefact) {
  std::visit(
      [this](auto&& item) {
        using Item = std::decay_t<decltype(item)>;
        std::get<std::vector<Item>>(artefacts_).push_back(std::forward<decltype(item)>(item));
      },
      std::move(artefact));
}

void Case::sort() {
  std::ranges::sort(events, {}, [](const EventRecord& record) {
    return std::tuple{record.head.time, record.head.source, record.head.offset};
  });
  std::apply(
      [](auto&... lists) {
        (std::ranges::stable_sort(lists, {}, [](const auto& item) { return item.where; }), ...);
      },
      artefacts_);
  std::ranges::stable_sort(std::get<std::vector<MetabaseSnapshot>>(artefacts_), {},
                           [](const MetabaseSnapshot& version) {
                             return std::tuple{version.major, version.minor};
                           });
  for (Source& source : sources) {
    std::ranges::stable_sort(source.damage, {}, &Damage::offset);
  }
}

}  // namespace iwamtrace
