// One file format. To support a new one, write these two functions and add a row to all_parsers();
// nothing else changes.
#pragma once

#include <chrono>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "model/evidence_sink.h"
#include "model/source.h"
#include "model/text.h"

namespace iwamtrace {

// A source, open for one worker.
struct OpenSource {
  SourceId id{};
  Bytes bytes;       // the whole file
  std::string path;  // the same bytes as a file of their own, for libraries that insist on a path
  Untrusted name{};  // as the report lists it, for sentences about another source
};

struct ReadOptions {
  // When the signatures of a metabase's secure properties are checked, whose public key must be
  // computed first: where nothing cheaper tells WAMUserPass, or in any case.
  enum class Prove : std::uint8_t { kWhenNeeded, kAlways };

  bool reveal_secrets = false;
  bool all_properties = false;  // of metabases, not only those that the analyzers ask for
  Prove prove = Prove::kWhenNeeded;
  // CPU time for such keys. One takes about 10 s; on a slower machine three times that.
  std::chrono::seconds proof_budget{60};
};

struct KeyRing;

struct Parser {
  enum class Reads : std::uint8_t {
    kOneByOne,  // a log: a worker of its own
    kTogether,  // files that need each other's keys: one worker for all of a case
    kNever,     // recognised, and nothing in it is needed
  };

  std::string_view name;  // of the reader, as reports of lost workers name it
  Reads reads{};
  SourceKind kind{};  // what a recognised file is, before it has been read
  bool needs_path = false;
  bool (*recognises)(Bytes first_bytes);  // by signature, never by file name
  // `keys` holds what the formats before this one in the table yielded, in the same worker.
  void (*read)(std::span<const OpenSource> sources, const ReadOptions& options, KeyRing& keys,
               EvidenceSink& sink);
};

// In the order in which they are asked, and in which formats that are read together are read.
std::span<const Parser> all_parsers();

// Enough for every `recognises`.
inline constexpr std::size_t kFirstBytes = 4608;

// The parser for a file that begins so; nullptr when no format is recognised.
const Parser* parser_for(Bytes first_bytes);

}  // namespace iwamtrace
