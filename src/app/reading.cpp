#include "app/reading.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <system_error>
#include <utility>

#include "parsers/key_ring.h"
#include "parsers/witness/cross_check.h"

namespace iwamtrace {
namespace {

std::shared_ptr<OpenBatch> open_all(const Evidence& evidence, const std::vector<SourceId>& ids,
                                    bool paths) {
  auto batch = std::make_shared<OpenBatch>();
  for (const SourceId id : ids) {
    const EvidenceFile& file = evidence.files[static_cast<std::size_t>(id)];
    try {
      batch->files.push_back(
          std::make_unique<EvidenceBytes>(file, paths || file.parser->needs_path));
    } catch (const std::system_error& error) {
      if (ids.size() == 1) {
        throw;
      }
      batch->unopened.push_back(Damage{id, 0, 0, say("cannot be opened: ", error.what())});
      continue;
    }
    batch->sources.push_back(batch->files.back()->open_as(id));
    batch->sources.back().name = evidence.sources[static_cast<std::size_t>(id)].path;
    batch->parsers.push_back(file.parser);
  }
  return batch;
}

std::uint64_t size_of(const Evidence& evidence, const std::vector<SourceId>& ids) {
  std::uint64_t size = 0;
  for (const SourceId id : ids) {
    size += evidence.sources[static_cast<std::size_t>(id)].size;
  }
  return size;
}

ReadOptions read_options(const ReadingOptions& options) {
  ReadOptions read;
  read.reveal_secrets = options.reveal_secrets;
  read.all_properties = options.all_properties;
  if (options.prove) {
    read.prove = ReadOptions::Prove::kAlways;
  }
  return read;
}

// The public key of a metabase's server may have to be computed: silent steps, the longest of which
// takes most of the budget, on a machine that may have other things to do.
void allow_proof(const ReadOptions& options, WorkerLimits& limits) {
  limits.cpu_seconds += static_cast<std::uint64_t>(2 * options.proof_budget.count());
  limits.silence = std::max(limits.silence, 10 * options.proof_budget);
}

Job reading_job(const Evidence& evidence, std::vector<SourceId> ids,
                const ReadingOptions& options) {
  Job job;
  const Parser& parser = *evidence.files[static_cast<std::size_t>(ids.front())].parser;
  job.reader = parser.reads == Parser::Reads::kTogether ? "reader of hives, keys and metabases"
                                                        : std::string(parser.name) + " reader";
  const std::uint64_t size = size_of(evidence, ids);
  job.limits = limits_for(size);
  if (parser.reads == Parser::Reads::kTogether) {
    // A hive is replayed or repaired in a file in memory, with its logs at most as large as all of
    // them; it and the library's view of it are mapped besides what is given.
    job.limits.memory_file = size;
    job.limits.memory = limits_for(2 * size).memory;
  }
  if (options.all_properties) {  // each is told with its path, several times its size
    constexpr std::uint64_t kTold = 16;
    job.limits.output = std::max(job.limits.output, kTold * size);
  }
  if (std::ranges::any_of(ids, [&](SourceId id) {
        return evidence.files[static_cast<std::size_t>(id)].parser->kind ==
               SourceKind::kMetabaseXml;
      })) {
    allow_proof(read_options(options), job.limits);
  }
  job.sources = ids;
  job.prepare = [&evidence, ids = std::move(ids), options]() -> WorkerTask {
    return [batch = open_all(evidence, ids, false), options](EvidenceSink& sink) {
      for (const Damage& damage : batch->unopened) {
        sink.take(damage);
      }
      options.read(*batch, read_options(options), sink);
    };
  };
  return job;
}

Job witness_job(const Evidence& evidence, SourceId id) {
  // libevtx builds a document for each record: some hundred bytes of memory and CPU for each of
  // ours.
  constexpr std::uint64_t kMegabytesPerSecond = 2;
  constexpr std::uint64_t kMegabyte = 1'000'000;
  const std::uint64_t size = evidence.sources[static_cast<std::size_t>(id)].size;
  Job job;
  job.reader = "second witness";
  job.sources = {id};
  job.limits = limits_for(8 * size);
  job.limits.cpu_seconds = 30 + size / (kMegabytesPerSecond * kMegabyte);
  job.limits.silence = std::chrono::seconds{120 + job.limits.cpu_seconds};
  job.prepare = [&evidence, id]() -> WorkerTask {
    return [batch = open_all(evidence, {id}, true), id](EvidenceSink& sink) {
      const Parser& parser = *batch->parsers.front();
      const OpenSource& source = batch->sources.front();
      sink.enter(id, "reading it a second time, with the library");
      const WitnessReading theirs = second_reading(parser, source);
      sink.enter(id, "comparing the two readings");
      sink.take(cross_check(parser, source, theirs));
    };
  };
  return job;
}

// What one worker said, kept until it is known whether it came to its end.
struct Testimony {
  std::vector<EventRecord> events;
  std::vector<Artefact> artefacts;
  std::vector<Damage> damage;
  std::vector<SourceSummary> summaries;
  std::vector<CrossCheck> checks;
  std::optional<LostWorker> lost;
  bool ended = false;
};

class Listening : public JobListener {
 public:
  explicit Listening(std::size_t jobs) : said(jobs) {}

  void take(std::size_t job, EventRecord& record) override {
    said[job].events.push_back(copy_of(record));
  }
  void take(std::size_t job, Artefact artefact) override {
    said[job].artefacts.push_back(std::move(artefact));
  }
  void take(std::size_t job, Damage damage) override {
    said[job].damage.push_back(std::move(damage));
  }
  void take(std::size_t job, SourceSummary summary) override {
    said[job].summaries.push_back(std::move(summary));
  }
  void take(std::size_t job, CrossCheck check) override {
    said[job].checks.push_back(std::move(check));
  }
  void done(std::size_t job) override { said[job].ended = true; }
  void lost(std::size_t job, const LostWorker& lost) override { said[job].lost = lost; }

  std::vector<Testimony> said;
};

class CaseReading {
 public:
  CaseReading(Evidence evidence, const EventFilter& filter, const ReadingOptions& options)
      : evidence_(std::move(evidence)), filter_(filter), options_(options) {}

  Case run() {
    std::vector<Job> jobs = jobs_for(evidence_, options_);
    while (!jobs.empty()) {
      jobs = run_round(jobs);
    }
    for (Source& source : evidence_.sources) {
      const auto summary = std::ranges::find(summaries_, source.id, &SourceSummary::source);
      conclude(source, summary == summaries_.end() ? nullptr : &*summary);
    }
    hear_witnesses();
    case_.sources = std::move(evidence_.sources);
    if (filter_.rules() != nullptr) {
      case_.rules = filter_.rules()->rules();
    }
    case_.sort();
    return std::move(case_);
  }

 private:
  Source& source(SourceId id) { return evidence_.sources[static_cast<std::size_t>(id)]; }

  // Returns what is to be read again: the files that were beside one that killed their worker.
  std::vector<Job> run_round(const std::vector<Job>& jobs) {
    Listening listening(jobs.size());
    run_jobs(jobs, filter_, BrokerOptions{options_.parallel, false}, listening);
    std::vector<Job> again;
    for (std::size_t i = 0; i < jobs.size(); ++i) {
      Testimony& said = listening.said[i];
      if (said.lost) {
        const std::vector<SourceId> others = lose(jobs[i], said);
        if (!others.empty()) {
          again.push_back(reading_job(evidence_, others, options_));
        }
      }
      keep(std::move(said));
    }
    return again;
  }

  // Leaves of the testimony what concerns the source at which the worker was lost. Returns the
  // others, if there are any.
  std::vector<SourceId> lose(const Job& job, Testimony& said) {
    std::vector<SourceId> lost{job.sources};
    std::vector<SourceId> others;
    if (said.lost->source && job.sources.size() > 1) {
      lost = {*said.lost->source};
      std::ranges::copy_if(job.sources, std::back_inserter(others),
                           [&](SourceId id) { return id != *said.lost->source; });
    }
    const auto other = [&](SourceId id) { return std::ranges::find(lost, id) == lost.end(); };
    std::erase_if(said.artefacts, [&](const Artefact& artefact) {
      return other(std::visit([](const auto& item) { return item.where.source; }, artefact));
    });
    std::erase_if(said.damage, [&](const Damage& damage) { return other(damage.source); });
    std::erase_if(said.summaries,
                  [&](const SourceSummary& summary) { return other(summary.source); });
    for (const SourceId id : lost) {
      source(id).summary.records = said.events.size();
      said.damage.push_back(damage_of(job, *said.lost, id, said.events.size()));
    }
    return others;
  }

  void keep(Testimony said) {
    std::ranges::move(said.events, std::back_inserter(case_.events));
    std::ranges::move(said.summaries, std::back_inserter(summaries_));
    for (Artefact& artefact : said.artefacts) {
      case_.add(std::move(artefact));
    }
    for (Damage& damage : said.damage) {
      source(damage.source).damage.push_back(std::move(damage));
    }
  }

  void hear_witnesses() {
    std::vector<Job> jobs;
    for (Source& log : evidence_.sources) {
      const EvidenceFile& file = evidence_.files[static_cast<std::size_t>(log.id)];
      if (file.parser == nullptr || !has_witness(*file.parser)) {
        continue;
      }
      const bool damaged = is_damaged(log);
      if (options_.cross_check || (damaged && log.size <= kLargestUnasked)) {
        jobs.push_back(witness_job(evidence_, log.id));
      } else if (damaged) {
        log.note = say("damaged, and larger than ", kLargestUnasked >> 20,
                       " MiB: a second witness reads it only under --cross-check");
      }
    }
    Listening listening(jobs.size());
    run_jobs(jobs, filter_, BrokerOptions{options_.parallel, false}, listening);
    for (std::size_t i = 0; i < jobs.size(); ++i) {
      Testimony& said = listening.said[i];
      Source& log = source(jobs[i].sources.front());
      if (said.lost) {  // the witness is lost, not the evidence: our own reading stands
        log.note = say("the second witness was lost while ", std::string_view{said.lost->stage},
                       ": ", std::string_view{said.lost->cause});
      } else if (!said.checks.empty()) {
        log.cross_check = std::move(said.checks.front());
      }
    }
  }

  Evidence evidence_;
  const EventFilter& filter_;
  const ReadingOptions& options_;
  Case case_;
  std::vector<SourceSummary> summaries_;
};

}  // namespace

void read_batch(const OpenBatch& batch, const ReadOptions& options, EvidenceSink& sink) {
  KeyRing keys;
  for (const Parser& parser : all_parsers()) {
    std::vector<OpenSource> own;
    for (std::size_t i = 0; i < batch.sources.size(); ++i) {
      if (batch.parsers[i] == &parser) {
        own.push_back(batch.sources[i]);
      }
    }
    if (!own.empty()) {
      parser.read(own, options, keys, sink);
    }
  }
}

Case read_case(Evidence evidence, const EventFilter& filter, const ReadingOptions& options) {
  return CaseReading(std::move(evidence), filter, options).run();
}

std::vector<Job> jobs_for(const Evidence& evidence, const ReadingOptions& options) {
  std::vector<Job> jobs;
  std::vector<SourceId> together;
  for (const Source& source : evidence.sources) {
    const Parser* parser = evidence.files[static_cast<std::size_t>(source.id)].parser;
    if (parser == nullptr) {
      continue;
    }
    if (parser->reads == Parser::Reads::kTogether) {
      together.push_back(source.id);
    } else {
      jobs.push_back(reading_job(evidence, {source.id}, options));
    }
  }
  if (!together.empty()) {
    jobs.push_back(reading_job(evidence, std::move(together), options));
  }
  return jobs;
}

void conclude(Source& source, const SourceSummary* summary) {
  if (source.status != SourceStatus::kRead) {
    return;
  }
  const bool damaged = is_damaged(source);
  if (summary != nullptr) {
    source.summary = *summary;
    source.kind = summary->kind;
    const bool nothing = summary->coverage.read == 0 && summary->records == 0;
    source.status = !damaged  ? SourceStatus::kRead
                    : nothing ? SourceStatus::kUnreadable
                              : SourceStatus::kPartial;
  } else {
    source.status =
        source.summary.records == 0 ? SourceStatus::kUnreadable : SourceStatus::kPartial;
  }
}

Damage damage_of(const Job& job, const LostWorker& lost, SourceId source, std::uint64_t records) {
  Untrusted what = say("the ", std::string_view{job.reader}, " was lost while ",
                       std::string_view{lost.stage}, ": ", std::string_view{lost.cause});
  if (records != 0) {
    what.append("; kept of it are ");
    what.append(records);
    what.append(" records");
  }
  return Damage{source, 0, 0, std::move(what), true};
}

}  // namespace iwamtrace
