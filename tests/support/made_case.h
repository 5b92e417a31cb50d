// A case as the parsers might have left it, without a file: what an analyzer's test starts from.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "analyzers/analyzer.h"
#include "make/stories.h"
#include "model/case.h"
#include "tests/support/evidence.h"

namespace iwamtrace {

// The files that such a case has, by id.
inline constexpr SourceId kSystemLog{0}, kSecurityLog{1}, kSamHive{2}, kSecurityHive{3},
    kSystemHive{4}, kOldMetabase{5}, kLiveMetabase{6};

// Equal for equal passwords, as the HMAC is.
Fingerprint fingerprint_of_text(std::string_view password);

// SHOP1 (S-1-5-21-1-2-3) on a healthy day, 2004-06-14: all three copies are equal, set on
// 2003-11-02, and no log has a record. A test changes what its story changes, then judges.
class MadeCase {
 public:
  MadeCase();

  Account account;                               // IWAM_SHOP1, RID 1004
  Secret secret;                                 // of COM+
  AccountRights rights;                          // of the account: batch
  MetabaseSnapshot old_metabase, live_metabase;  // of 2004-06-01 and 06-14, one session key
  // What is left out of the case.
  bool without_sam = false, without_security = false, without_metabase = false,
       without_rights = false;
  std::vector<Artefact> more;

  using Fields = std::vector<std::pair<std::string_view, std::string_view>>;
  // A record with the catalogue's names; returned for what a test changes further.
  EventRecord& event(SourceId log, std::string_view time, EventKey key, std::uint16_t id,
                     const Fields& fields);
  // The usual suspects.
  EventRecord& dcom_logon_failed(std::string_view time, std::string_view error,
                                 std::string_view server = kPooledApplications,
                                 std::string_view user = "IWAM_SHOP1");
  EventRecord& dcom_timeout(std::string_view time, std::string_view server = kPooledApplications);
  EventRecord& not_loaded(std::string_view time, std::string_view error);
  EventRecord& password_set(std::string_view time, std::string_view target, std::string_view by);
  EventRecord& logon(std::string_view time, std::string_view target, std::string_view type);

  Source& source(SourceId id) { return sources_[static_cast<std::size_t>(id)]; }

  // The answers point into the case, so it is kept; judging again begins anew.
  const Answers& judge();
  [[nodiscard]] const Case& the_case() const { return case_; }

 private:
  std::vector<Source> sources_;
  std::vector<EventRecord> events_;
  Case case_;
  Answers answers_;
};

// An administrator sets the SAM's password on the 14th; COM+ keeps the first.
MadeCase reset_in_sam();

const WeighedHypothesis& hypothesis(const Answers& answers, std::string_view id);
Standing standing_of(const Answers& answers, std::string_view id);
// All facts of one side, each with its force in front: "proof: COM+ and …".
std::vector<std::string> statements(const std::vector<Fact>& facts);
bool has_finding(const Answers& answers, std::string_view id);
std::vector<std::string> limits_of(const Answers& answers);
bool has_limit(const Answers& answers, std::string_view part);

}  // namespace iwamtrace
