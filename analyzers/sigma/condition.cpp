#include "analyzers/sigma/condition.h"

#include <utility>
#include <vector>

#include "analyzers/sigma/rule.h"
#include "model/text.h"

namespace iwamtrace::sigma {
namespace {

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

std::vector<std::string_view> words_of(std::string_view text) {
  std::vector<std::string_view> words;
  for (std::size_t at = 0; at < text.size();) {
    if (is_blank(text[at])) {
      ++at;
      continue;
    }
    std::size_t end = at + 1;
    if (text[at] != '(' && text[at] != ')') {
      while (end < text.size() && !is_blank(text[end]) && text[end] != '(' && text[end] != ')') {
        ++end;
      }
    }
    words.push_back(text.substr(at, end - at));
    at = end;
  }
  return words;
}

// "selection_*" against a name.
bool fits(std::string_view pattern, std::string_view name) {
  const std::size_t star = pattern.find('*');
  if (star == std::string_view::npos) {
    return pattern == name;
  }
  if (name.size() < star || name.substr(0, star) != pattern.substr(0, star)) {
    return false;
  }
  for (std::size_t skip = star; skip <= name.size(); ++skip) {
    if (fits(pattern.substr(star + 1), name.substr(skip))) {
      return true;
    }
  }
  return false;
}

std::size_t size_of(const Expression& expression) {
  std::size_t size = 1;
  for (const Expression& part : expression.parts) {
    size += size_of(part);
  }
  return size;
}

class Parsing {
 public:
  Parsing(std::string_view condition, const Searches& searches)
      : condition_(condition), searches_(searches), words_(words_of(condition)) {}

  Expression run() {
    Expression all = alternatives();
    if (at_ != words_.size()) {
      fail("\"" + std::string(words_[at_]) + "\" is not expected");
    }
    return all;
  }

 private:
  // No rule that a person wrote nests deeper.
  static constexpr int kDeepest = 64;
  static constexpr std::size_t kLargest = 100'000;

  [[nodiscard]] bool next_is(std::string_view word) const {
    return at_ < words_.size() && equal_ignoring_case(words_[at_], word);
  }
  bool take(std::string_view word) {
    const bool found = next_is(word);
    at_ += found ? 1U : 0U;
    return found;
  }
  std::string_view take_word() {
    if (at_ == words_.size()) {
      fail("it ends too early");
    }
    return words_[at_++];
  }

  Expression alternatives() {
    std::vector<Expression> parts;
    do {
      parts.push_back(conjunction());
    } while (take("or"));
    return any_of(std::move(parts));
  }

  Expression conjunction() {
    std::vector<Expression> parts;
    do {
      parts.push_back(negation());
    } while (take("and"));
    return all_of(std::move(parts));
  }

  Expression negation() {
    if (++depth_ > kDeepest) {
      fail("it nests too deep");
    }
    Expression part = take("not") ? not_of(negation()) : operand();
    --depth_;
    return part;
  }

  Expression operand() {
    if (take("(")) {
      Expression inner = alternatives();
      if (!take(")")) {
        fail("a bracket is not closed");
      }
      return inner;
    }
    const std::string_view word = take_word();
    if (next_is("of")) {
      ++at_;
      return several(word, take_word());
    }
    const auto found = searches_.find(word);
    if (found == searches_.end()) {
      fail(word == "|" ? "aggregations behind | are of Sigma 1; correlation rules replace them"
                       : "there is no search \"" + std::string(word) + "\"");
    }
    return used(found->second);
  }

  // A search may be named many times.
  const Expression& used(const Expression& search) {
    size_ += size_of(search);
    if (size_ > kLargest) {
      fail("it grows to more than " + std::to_string(kLargest) + " tests");
    }
    return search;
  }

  Expression several(std::string_view how_many, std::string_view pattern) {
    std::vector<Expression> parts;
    const bool them = equal_ignoring_case(pattern, "them");
    for (const auto& [name, search] : searches_) {
      if (!name.starts_with('_') && (them || fits(pattern, name))) {
        parts.push_back(used(search));
      }
    }
    if (parts.empty()) {
      fail("no search fits \"" + std::string(pattern) + "\"");
    }
    if (how_many == "1" || equal_ignoring_case(how_many, "any")) {
      return any_of(std::move(parts));
    }
    if (equal_ignoring_case(how_many, "all")) {
      return all_of(std::move(parts));
    }
    fail("\"" + std::string(how_many) + " of\" is neither \"1 of\" nor \"all of\"");
  }

  [[noreturn]] void fail(const std::string& why) const {
    constexpr std::size_t kShown = 100;
    throw RuleError("condition \"" + std::string(condition_.substr(0, kShown)) + "\": " + why);
  }

  std::string_view condition_;
  const Searches& searches_;
  std::vector<std::string_view> words_;
  std::size_t at_ = 0;
  int depth_ = 0;
  std::size_t size_ = 0;
};

}  // namespace

Expression resolve_condition(std::string_view condition, const Searches& searches) {
  return Parsing(condition, searches).run();
}

}  // namespace iwamtrace::sigma
