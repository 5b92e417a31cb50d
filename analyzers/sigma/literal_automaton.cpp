#include "analyzers/sigma/literal_automaton.h"

#include <utility>

namespace iwamtrace::sigma {

void LiteralAutomaton::add(std::string_view text, Place place, std::uint32_t literal) {
  std::string folded(text);
  for (char& c : folded) {
    c = lower(c);
  }
  texts_.push_back(Text{std::move(folded), place, literal});
}

void LiteralAutomaton::build() {
  number_bytes();
  std::vector<std::vector<Found>> found = make_tree();
  complete(found);
  found_from_.push_back(0);
  for (const std::vector<Found>& here : found) {
    found_.insert(found_.end(), here.begin(), here.end());
    found_from_.push_back(static_cast<std::uint32_t>(found_.size()));
  }
  for (std::uint32_t& state : next_) {
    state |= found[state].empty() ? 0 : kFinds;
  }
  texts_ = {};
}

void LiteralAutomaton::number_bytes() {
  for (const Text& text : texts_) {
    for (const char c : text.folded) {
      std::uint8_t& number = class_of_[static_cast<unsigned char>(c)];
      if (number == 0) {
        number = static_cast<std::uint8_t>(classes_++);
      }
    }
  }
  for (unsigned char c = 'A'; c <= 'Z'; ++c) {
    class_of_[c] = class_of_[static_cast<unsigned char>(lower(static_cast<char>(c)))];
  }
}

// The prefixes of all texts; a missing branch leads to the root for now.
std::vector<std::vector<LiteralAutomaton::Found>> LiteralAutomaton::make_tree() {
  std::vector<std::vector<Found>> found(1);
  next_.assign(classes_, kRoot);
  for (const Text& text : texts_) {
    std::uint32_t state = kRoot;
    for (const char c : text.folded) {
      const std::size_t branch = state * classes_ + class_of_[static_cast<unsigned char>(c)];
      if (next_[branch] == kRoot) {
        next_[branch] = static_cast<std::uint32_t>(found.size());
        found.emplace_back();
        next_.resize(next_.size() + classes_, kRoot);
      }
      state = next_[branch];
    }
    found[state].push_back(
        Found{text.literal, static_cast<std::uint32_t>(text.folded.size()), text.place});
  }
  return found;
}

// Breadth first: where a state has no branch, that of its longest proper suffix is taken, and what
// ends in the suffix ends here too.
void LiteralAutomaton::complete(std::vector<std::vector<Found>>& found) {
  std::vector<std::uint32_t> suffix(found.size(), kRoot), queue;
  for (std::size_t branch = 0; branch < classes_; ++branch) {
    if (next_[branch] != kRoot) {
      queue.push_back(next_[branch]);
    }
  }
  for (std::size_t at = 0; at < queue.size(); ++at) {
    const std::uint32_t state = queue[at];
    const std::vector<Found>& inherited = found[suffix[state]];
    found[state].insert(found[state].end(), inherited.begin(), inherited.end());
    for (std::size_t branch = 0; branch < classes_; ++branch) {
      std::uint32_t& target = next_[state * classes_ + branch];
      const std::uint32_t fallback = next_[suffix[state] * classes_ + branch];
      if (target == kRoot) {
        target = fallback;
      } else {
        suffix[target] = fallback;
        queue.push_back(target);
      }
    }
  }
}

}  // namespace iwamtrace::sigma
