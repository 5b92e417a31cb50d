#include "parsers/metabase/keystream.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <optional>
#include <set>
#include <tuple>
#include <utility>

namespace iwamtrace {
namespace {

// So many bytes, each of another cleartext than the claim it agrees with, are no accident.
constexpr std::size_t kEnough = 3;

// A witness that loses is dropped and the vote is repeated. Honest files settle in two or three
// rounds.
constexpr std::size_t kMostRounds = 16;

struct Ballot {
  std::size_t witness = 0, claim = 0;
  std::byte stream{}, cleartext{};
};

class Vote {
 public:
  explicit Vote(std::span<const Witness> witnesses)
      : witnesses_(witnesses), ballots_(kLongestStream) {
    for (std::size_t w = 0; w < witnesses.size(); ++w) {
      standing_.emplace_back(witnesses[w].claims.size(), true);
      for (std::size_t c = 0; c < witnesses[w].claims.size(); ++c) {
        cast(w, c);
      }
    }
  }

  RecoveredKeystream result() {
    std::size_t round = 0;
    while (drop_losers()) {
      if (++round == kMostRounds) {
        return {};  // nothing in this file agrees
      }
    }
    weigh_agreements();
    RecoveredKeystream recovered;
    for (std::size_t at = 0; at < kLongestStream; ++at) {
      if (const auto winner = winner_at(at)) {
        recovered.stream.set(
            at, *winner,
            is_known(at, *winner) ? Keystream::State::kKnown : Keystream::State::kAssumed);
      }
    }
    for (std::size_t w = 0; w < witnesses_.size(); ++w) {
      if (contradicted_.contains(w)) {
        recovered.contradicted.push_back(witnesses_[w].property);
      } else if (borne_out_[w] && guesses(w)) {
        recovered.borne_out.push_back(witnesses_[w].property);
      }
    }
    return recovered;
  }

 private:
  void cast(std::size_t w, std::size_t c) {
    const Claim& claim = witnesses_[w].claims[c];
    const Bytes cleartext = claim.cleartext.view();
    const Bytes cipher = witnesses_[w].cipher;
    for (std::size_t i = 0; i < cleartext.size(); ++i) {
      const std::size_t at = claim.at + i;
      if (at < cipher.size() && at < kLongestStream) {
        ballots_[at].push_back(Ballot{w, c, cipher[at] ^ cleartext[i], cleartext[i]});
      }
    }
  }

  [[nodiscard]] bool guesses(std::size_t w) const {
    return std::ranges::any_of(witnesses_[w].claims, [](const Claim& claim) {
      return claim.trust == Trust::kLayout || claim.trust == Trust::kUsual;
    });
  }

  [[nodiscard]] bool stands(const Ballot& ballot) const {
    return standing_[ballot.witness][ballot.claim];
  }
  [[nodiscard]] Trust trust(const Ballot& ballot) const {
    return witnesses_[ballot.witness].claims[ballot.claim].trust;
  }
  [[nodiscard]] Sort sort(const Ballot& ballot) const { return witnesses_[ballot.witness].sort; }

  // More reasons win, then the better reason, then more properties. Properties of one sort that
  // say the same are one reason: twenty passwords in Cyrillic are wrong about their zeros together.
  struct Support {
    std::set<std::pair<Sort, std::byte>> reasons;
    Trust best = Trust::kLatin;
    std::size_t properties = 0;

    [[nodiscard]] auto rank() const {
      return std::tuple{best == Trust::kCertain, reasons.size(), -static_cast<int>(best),
                        properties};
    }
  };

  // Nothing where nobody votes, or where the votes are even.
  [[nodiscard]] std::optional<std::byte> winner_at(std::size_t at) const {
    std::map<std::byte, Support> supports;
    for (const Ballot& ballot : ballots_[at]) {
      if (stands(ballot)) {
        Support& support = supports[ballot.stream];
        support.reasons.emplace(sort(ballot), ballot.cleartext);
        support.best = std::min(support.best, trust(ballot));
        ++support.properties;
      }
    }
    const auto best = std::ranges::max_element(
        supports, {}, [](const auto& entry) { return entry.second.rank(); });
    if (best == supports.end() || std::ranges::count_if(supports, [&](const auto& entry) {
                                    return entry.second.rank() == best->second.rank();
                                  }) != 1) {
      return std::nullopt;
    }
    return best->first;
  }

  // Returns whether there were any. A wrong layout or alphabet costs the witness all its claims, a
  // value that is not the usual one only itself.
  bool drop_losers() {
    std::set<std::pair<std::size_t, std::size_t>> losers;
    for (std::size_t at = 0; at < kLongestStream; ++at) {
      const auto winner = winner_at(at);
      for (const Ballot& ballot : ballots_[at]) {
        if (winner && stands(ballot) && ballot.stream != *winner) {
          losers.emplace(ballot.witness, ballot.claim);
        }
      }
    }
    for (const auto& [w, c] : losers) {
      const Trust lost = witnesses_[w].claims[c].trust;
      if (lost == Trust::kLayout || lost == Trust::kLatin) {
        standing_[w].assign(standing_[w].size(), false);
      }
      standing_[w][c] = false;
      if (witnesses_[w].sort == Sort::kAccessList && !witnesses_[w].claims[c].whole) {
        contradicted_.insert(w);
      }
    }
    return !losers.empty();
  }

  // Whether two claims that agree on the stream could not easily both be wrong.
  [[nodiscard]] bool independent(const Ballot& one, const Ballot& other) const {
    return one.cleartext != other.cleartext || sort(one) != sort(other);
  }

  // Bytes of each claim that other cleartexts bear out: equal ones agree whatever the key is.
  void weigh_agreements() {
    std::vector<std::vector<std::size_t>> agreements;
    for (const Witness& witness : witnesses_) {
      agreements.emplace_back(witness.claims.size(), 0);
    }
    for (const std::vector<Ballot>& here : ballots_) {
      for (const Ballot& own : here) {
        agreements[own.witness][own.claim] +=
            stands(own) && std::ranges::any_of(here, [&](const Ballot& other) {
              return stands(other) && other.stream == own.stream &&
                     other.cleartext != own.cleartext;
            });
      }
    }
    for (const std::vector<std::size_t>& of_claims : agreements) {
      borne_out_.push_back(std::accumulate(of_claims.begin(), of_claims.end(), std::size_t{0}) >=
                           kEnough);
      whole_borne_out_.emplace_back();
      for (const std::size_t count : of_claims) {
        whole_borne_out_.back().push_back(count >= kEnough);
      }
    }
  }

  [[nodiscard]] bool is_known(std::size_t at, std::byte winner) const {
    const std::vector<Ballot>& here = ballots_[at];
    return std::ranges::any_of(here, [&](const Ballot& ballot) {
      if (!stands(ballot) || ballot.stream != winner) {
        return false;
      }
      const Claim& claim = witnesses_[ballot.witness].claims[ballot.claim];
      return claim.trust == Trust::kCertain ||
             (claim.trust == Trust::kLayout && borne_out_[ballot.witness]) ||
             (claim.whole && whole_borne_out_[ballot.witness][ballot.claim]) ||
             std::ranges::any_of(here, [&](const Ballot& other) {
               return stands(other) && other.stream == winner && independent(ballot, other);
             });
    });
  }

  std::span<const Witness> witnesses_;
  std::vector<std::vector<Ballot>> ballots_;  // by place in the stream
  std::vector<std::vector<bool>> standing_;   // by witness, by claim
  std::vector<bool> borne_out_;               // by witness
  std::vector<std::vector<bool>> whole_borne_out_;
  std::set<std::size_t> contradicted_;
};

}  // namespace

Keystream Keystream::of_key(Bytes rc4_key) {
  Keystream keystream;
  keystream.stream_ = rc4(rc4_key, std::vector<std::byte>(kLongestStream));
  keystream.states_.assign(kLongestStream, State::kKnown);
  return keystream;
}

Keystream::State Keystream::state(std::size_t from, std::size_t to) const {
  State worst = State::kKnown;
  for (std::size_t i = from; i < to; ++i) {
    worst = std::min(worst, state(i));
  }
  return worst;
}

SecretBytes Keystream::decrypt(Bytes data) const {
  SecretBytes cleartext(data.size());
  for (std::size_t i = 0; i < data.size(); ++i) {
    if (state(i) != State::kUnknown) {
      cleartext.writable()[i] = data[i] ^ at(i);
    }
  }
  return cleartext;
}

void Keystream::set(std::size_t at, std::byte value, State state) {
  stream_.writable()[at] = value;
  states_.at(at) = state;
}

RecoveredKeystream recover_keystream(std::span<const Witness> witnesses) {
  return Vote(witnesses).result();
}

}  // namespace iwamtrace
