// From sources to a Case: which worker reads what, what its loss costs, and when a second witness
// is heard.
#pragma once

#include "app/broker.h"
#include "app/intake.h"
#include "model/case.h"

namespace iwamtrace {

// Sources opened for one worker, each with the parser that recognised it.
struct OpenBatch {
  std::vector<std::unique_ptr<EvidenceBytes>> files;
  std::vector<OpenSource> sources;
  std::vector<const Parser*> parsers;  // of the same index
  std::vector<Damage> unopened;        // files that cost themselves and not the batch
};

// In table order: formats that come later find what earlier ones yielded.
void read_batch(const OpenBatch& batch, const ReadOptions& options, EvidenceSink& sink);

struct ReadingOptions {
  unsigned parallel = 1;
  bool reveal_secrets = false;
  bool all_properties = false;  // of metabases
  bool cross_check = false;     // every log; else those in which damage was met
  bool prove = false;  // the metabase's values by their signatures; else where nothing else tells
  // What a worker does with its sources; tests put readers here that die.
  void (*read)(const OpenBatch&, const ReadOptions&, EvidenceSink&) = read_batch;
};

// A log larger than this is read by the second witness only when --cross-check asks for it: the
// libraries need seconds for what takes us milliseconds.
inline constexpr std::uint64_t kLargestUnasked = std::uint64_t{64} << 20;

// Everything that the filter wants of the evidence. The result is the same for any `parallel`.
Case read_case(Evidence evidence, const EventFilter& filter, const ReadingOptions& options);

// The jobs that read these sources, for callers that listen themselves: one for each log, and one
// for all files that need each other. `evidence` must outlive them.
std::vector<Job> jobs_for(const Evidence& evidence, const ReadingOptions& options);

// Applies what a worker said of a source, and what its loss means, to the source.
void conclude(Source& source, const SourceSummary* summary);
Damage damage_of(const Job& job, const LostWorker& lost, SourceId source, std::uint64_t records);

}  // namespace iwamtrace
