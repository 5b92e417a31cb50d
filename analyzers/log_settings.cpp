#include "analyzers/log_settings.h"

#include <algorithm>
#include <array>
#include <utility>

#include "analyzers/intrusion/signs.h"
#include "analyzers/own_evidence.h"
#include "analyzers/questions.h"

namespace iwamtrace {
namespace {

// Below which the Event Viewer lets no log be set.
constexpr std::uint32_t kSmallest = 64 * 1024;

// Either may be an administrator's doing: told only beside what shows an intrusion.
void add_sign(const LogSettings& settings, Untrusted statement, Answers& answers) {
  Sign sign = sign_of("audit_disabled", Severity::kLow, say("the Security log was restricted"),
                      std::move(statement), {settings.where});
  sign.force = Force::kWeak;
  sign.ordinary = true;
  sign.finding.time = settings.key_written;
  answers.signs.push_back(std::move(sign));
}

void tell_file(const LogSettings& settings, Answers& answers) {
  if (!is_moved(settings)) {
    return;
  }
  answers.limits.push_back(say("The ", settings.log, " log was written to ", settings.file,
                               " when SYSTEM was copied: a log from the usual place is an older "
                               "one, and what came after it is not observable there."));
  if (settings.log.is("Security")) {
    add_sign(settings, say("the Security log is written to ", settings.file), answers);
  }
}

void tell_size(const LogSettings& settings, Answers& answers) {
  if (settings.retention == LogSettings::kNeverOverwritten && settings.max_size) {
    answers.limits.push_back(say("The ", settings.log, " log was never overwritten: full at ",
                                 *settings.max_size / 1024,
                                 " KB it takes no more, and silence after that proves nothing."));
  }
  if (settings.log.is("Security") && settings.max_size && *settings.max_size <= kSmallest) {
    answers.limits.push_back(say("The Security log holds ", *settings.max_size / 1024,
                                 " KB: what is older is soon overwritten."));
    add_sign(settings,
             say("the Security log holds no more than ", *settings.max_size / 1024, " KB"),
             answers);
  }
}

}  // namespace

const LogSettings* settings_of(const Case& the_case, const Answers& answers, std::string_view log) {
  const auto& all = the_case.all<LogSettings>();
  const auto found = std::ranges::find_if(all, [&](const LogSettings& settings) {
    return settings.log.is(log) && !is_left_out(answers, settings.where.source);
  });
  return found == all.end() ? nullptr : &*found;
}

bool is_moved(const LogSettings& settings) {
  constexpr std::array<std::string_view, 2> kUsual{R"(\system32\config\)", R"(\system32\winevt\)"};
  return !settings.file.empty() && std::ranges::none_of(kUsual, [&](std::string_view folder) {
    return settings.file.view().contains(folder);
  });
}

void examine_log_settings(const Case& the_case, Answers& answers) {
  for (const std::string_view log : {"Application", "Security", "System"}) {
    if (const LogSettings* settings = settings_of(the_case, answers, log)) {
      tell_file(*settings, answers);
      tell_size(*settings, answers);
    }
  }
}

}  // namespace iwamtrace
