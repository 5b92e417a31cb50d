// How sure we are, and why.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/citation.h"
#include "model/timestamp.h"
#include "model/untrusted.h"

namespace iwamtrace {

enum class Force : std::uint8_t {
  kWeak,    // also seen on healthy servers (a DCOM 10010)
  kStrong,  // documented for this cause and rare otherwise
  kProof,   // excludes its rivals by itself: equal or different hashes, a Win32 code that names it
};
std::string_view name_of(Force force);

// Who says so, of what and of when: what two facts need to confirm each other.
struct Witness {
  SourceId source{};  // of a log and its archives one of them
  std::optional<Timestamp> time{};
  std::string of_what{};  // one act may be told by two logs; empty: of something else
};

// One plain statement the evidence makes, and where it makes it.
class Fact {
 public:
  // An absence is cited by what was searched: the log's first and last record, or the key that
  // lacks the value. Throws std::logic_error without a citation: such a statement is an opinion.
  // The witness is the source of the first citation, its time not told.
  Fact(Force force, Untrusted statement, std::vector<Citation> citations);
  Fact(Force force, Untrusted statement, std::vector<Citation> citations, Witness witness);

  [[nodiscard]] Force force() const { return force_; }
  [[nodiscard]] const Untrusted& statement() const { return statement_; }
  [[nodiscard]] const std::vector<Citation>& citations() const { return citations_; }
  [[nodiscard]] const Witness& witness() const { return witness_; }

 private:
  Force force_;
  Untrusted statement_;
  std::vector<Citation> citations_;
  Witness witness_;
};

// What we looked for and could not read.
struct Missing {
  Untrusted what;
  bool decides = false;  // without it the hypothesis can never be established
};

enum class Standing : std::uint8_t { kRefuted, kUndetermined, kSupported, kEstablished };
inline constexpr std::size_t kStandings = 4;
std::string_view name_of(Standing standing);

// A claim with everything for and against it. Nothing is thrown away once weighed: the report shows
// the losing side as well.
struct Hypothesis {
  std::string id;  // of the contract: "sam_changed_alone"
  Untrusted claim;
  std::vector<Fact> in_favour, against;
  std::vector<Missing> missing;
};

// Established: a proof for, nothing proof or strong against, nothing decisive missing.
// Refuted:     a proof against and no proof for.
// Supported:   a strong fact for, or two weak ones of different things from different sources that
//              are not further than two days apart (a proof counts as strong), and nothing strong
//              or proof against.
// Undetermined: everything else, proofs on both sides included.
Standing weigh(const Hypothesis& hypothesis);

}  // namespace iwamtrace
