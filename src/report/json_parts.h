// What all JSON documents of this program have in common.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "model/case.h"
#include "model/fingerprint.h"
#include "report/json_writer.h"

namespace iwamtrace {

// Unknown is null, never an empty word.
void member_or_null(JsonWriter& json, std::string_view name, UntrustedView text);
void put_fingerprint(JsonWriter& json, std::string_view name,
                     const std::optional<Fingerprint>& fingerprint);
// The member "citations".
void put_citations(JsonWriter& json, const std::vector<Citation>& citations);
// The member "evidence" of the small documents: what the numbers in citations mean.
void put_sources(JsonWriter& json, const Case& the_case);

template <typename Texts>
void put_texts(JsonWriter& json, std::string_view name, const Texts& texts) {
  json.array_of(name, texts, [&](const auto& text) { json.value(text); });
}

}  // namespace iwamtrace
