#include "report/explain_text.h"

#include "report/page.h"
#include "report/words.h"

namespace iwamtrace {
namespace {

constexpr std::size_t kWidth = 80;  // help is read at the width of a page

template <typename Words>
std::string listed(const Words& words) {
  std::string text;
  for (const auto& word : words) {
    text += text.empty() ? "" : ", ";
    if constexpr (std::is_integral_v<std::remove_cvref_t<decltype(word)>>) {
      text += std::to_string(word);
    } else {
      text += word;
    }
  }
  return text;
}

std::string title_of(const Explanation& explanation) {
  using Kind = Explanation::Kind;
  const std::string symbol = explanation.symbol.empty() ? "" : ", " + explanation.symbol;
  switch (explanation.kind) {
    case Kind::kCause:
      return "cause " + explanation.id;
    case Kind::kFinding:
      return "finding " + explanation.id;
    case Kind::kEvent:
      return "event " + explanation.id + ", " + explanation.log + " log";
    case Kind::kWin32:
      return "Win32 error " + explanation.id + symbol;
    case Kind::kHresult:
      return "HRESULT " + explanation.id + symbol;
    case Kind::kNtStatus:
      return "NTSTATUS " + explanation.id + symbol;
    case Kind::kScriptError:
      return "VBScript error " + explanation.id;
    case Kind::kHttpStatus:
      return "HTTP status " + explanation.id;
    case Kind::kAttack:
      return "way in " + explanation.id;
    case Kind::kTechnique:
      return "technique " + explanation.id + " of MITRE ATT&CK";
  }
  return explanation.id;
}

class ExplainedText {
 public:
  explicit ExplainedText(bool colour) : page_(kWidth, colour) {}

  void add(const Explanation& explanation) {
    if (!first_) {
      page_.blank();
    }
    first_ = false;
    page_.paragraph(0, "", 0, title_of(explanation));
    part("means", capitalised(explanation.meaning));
    part("written", listed(explanation.forms));
    part("twins", listed(explanation.twins));
    part("strings", listed(explanation.fields));
    part("when", explanation.occurs);
    part("decided", decided(explanation));
    part("against", explanation.against);
    part("to do", explanation.action);
    part("see also", listed(explanation.related));
  }

  std::string take() { return page_.take(); }

 private:
  static std::string decided(const Explanation& explanation) {
    return (explanation.weighed == false ? "This version does not weigh this cause. " : "") +
           explanation.decided;
  }

  void part(std::string_view label, const std::string& text) {
    constexpr std::size_t kIndent = 2;
    constexpr std::size_t kHang = 12;
    if (!text.empty()) {
      page_.paragraph(kIndent, label, kHang, text, {}, Colour::kDim);
    }
  }

  Page page_;
  bool first_ = true;
};

}  // namespace

std::string render_explanations_text(const std::vector<ExplainedTopic>& topics,
                                     const TextOptions& options) {
  ExplainedText text(options.colour);
  for (const ExplainedTopic& topic : topics) {
    for (const Explanation& meaning : topic.meanings) {
      text.add(meaning);
    }
  }
  return text.take();
}

}  // namespace iwamtrace
