// The records of one logon session, found by its id within one run of Windows.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "analyzers/boot_frames.h"

namespace iwamtrace {

// "SYSTEM", "LOCAL SERVICE", "NETWORK SERVICE": sessions that are there without a logon.
std::optional<std::string_view> name_of_system_session(std::uint64_t logon_id);
// Of who did what a record tells: also by name, where it has no logon id. Nothing where somebody
// logged on.
std::optional<std::string_view> system_session_of(const HostAnswer& host, const EventRecord& act);

class SessionRecords {
 public:
  SessionRecords(const Case& the_case, const Answers& answers, const BootFrames& frames)
      : case_(the_case), answers_(answers), frames_(frames) {}

  // The logon that began the session of an act or, where none is shown, why not.
  struct Found {
    const EventRecord* logon = nullptr;
    Untrusted because;
    std::vector<Citation> where;
  };
  [[nodiscard]] Found logon_behind(const EventRecord& act) const;

  // Who had the account logged on by giving its password, as runas does: the record that says so,
  // whose subject it is. Null where nobody did but who logged on, or where several may have.
  [[nodiscard]] const EventRecord* giver_of_credentials(const EventRecord& logon) const;
  // That the session was given administrators' privileges when it began.
  [[nodiscard]] const EventRecord* privileges_of(const EventRecord& logon) const;
  // The last time before the act that its client was left, or another one took its place.
  [[nodiscard]] const EventRecord* last_change_of_client(const EventRecord& logon,
                                                         const EventRecord& act) const;

 private:
  using Id = std::optional<std::uint64_t>;

  [[nodiscard]] std::vector<const EventRecord*> logons_with(Id id, const EventRecord& act) const;
  [[nodiscard]] Found judged(const std::vector<const EventRecord*>& logons,
                             const EventRecord& act) const;
  [[nodiscard]] std::vector<std::uint64_t> ids_of_session(const EventRecord& logon) const;
  [[nodiscard]] const EventRecord* last_of_session(const EventRecord& logon, const EventRecord& act,
                                                   bool client) const;
  [[nodiscard]] bool gives_credentials_here(const EventRecord& record,
                                            const EventRecord& logon) const;

  const Case& case_;
  const Answers& answers_;
  const BootFrames& frames_;
};

}  // namespace iwamtrace
