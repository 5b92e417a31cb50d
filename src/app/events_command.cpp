#include "app/events_command.h"

#include <algorithm>
#include <utility>

#include "app/output.h"
#include "app/pipeline.h"
#include "app/progress.h"
#include "app/reading.h"
#include "parsers/catalog/event_messages.h"
#include "report/events_jsonl.h"

namespace iwamtrace {
namespace {

// Writes records as they come and keeps none; only what went wrong is remembered.
class Printing : public JobListener {
 public:
  Printing(const Evidence& evidence, std::span<const Job> jobs, const Options& options,
           Output& output)
      : evidence_(evidence), jobs_(jobs), options_(options), output_(output) {}

  [[nodiscard]] bool damaged() const { return damaged_; }

  void take(std::size_t /*job*/, EventRecord& record) override {
    append_jsonl(record, message_of(record), json_);
    ++records_;
    constexpr std::size_t kFlushAt = 64 << 10;
    if (json_.text().size() >= kFlushAt) {
      flush();
    }
  }
  void take(std::size_t /*job*/, Artefact /*artefact*/) override {}
  void take(std::size_t /*job*/, Damage damage) override {
    if (damage.lost) {
      complain(damage);
    }
  }
  void take(std::size_t /*job*/, SourceSummary /*summary*/) override {}
  void take(std::size_t /*job*/, CrossCheck /*check*/) override {}
  void done(std::size_t /*job*/) override { flush(); }
  void lost(std::size_t job, const LostWorker& lost) override {
    flush();
    for (const SourceId id : jobs_[job].sources) {
      complain(damage_of(jobs_[job], lost, id, std::exchange(records_, 0)));
    }
  }

  void complain(const Damage& damage) {
    damaged_ = true;
    const Source& source = evidence_.sources[static_cast<std::size_t>(damage.source)];
    tell(options_, say(source.path, ": ", damage.what));
  }

 private:
  void flush() {
    output_.write(json_.text());
    json_.clear();
  }

  const Evidence& evidence_;
  std::span<const Job> jobs_;
  const Options& options_;
  Output& output_;
  JsonWriter json_{JsonWriter::Style::kCompact};
  std::uint64_t records_ = 0;
  bool damaged_ = false;
};

bool is_log(const EvidenceFile& file) {
  return file.parser != nullptr && file.parser->reads == Parser::Reads::kOneByOne;
}

}  // namespace

int print_events(const Options& options) {
  Output output(options.output, options.force);
  IntakeOptions intake;
  intake.inputs = options.paths;
  Evidence evidence = take_in(intake);
  for (EvidenceFile& file : evidence.files) {
    if (!is_log(file)) {
      file.parser = nullptr;
    }
  }
  EventFilter filter = EventFilter::everything();
  if (options.since) {
    filter.since(*options.since);
  }
  if (options.until) {
    filter.until(*options.until);
  }
  std::vector<Job> jobs = jobs_for(evidence, {});
  for (Job& job : jobs) {
    job.limits.output = UINT64_MAX;  // nothing of it is kept
  }
  if (jobs.size() > 1) {  // a record names its file by number
    for (const Job& job : jobs) {
      const Source& source = evidence.sources[static_cast<std::size_t>(job.sources.front())];
      tell(options, say("evidence ", static_cast<std::uint32_t>(source.id), " is ", source.path));
    }
  }
  Printing printing(evidence, jobs, options, output);
  for (const Source& source : evidence.sources) {
    std::ranges::for_each(source.damage, [&](const Damage& damage) { printing.complain(damage); });
  }
  run_jobs(jobs, filter, BrokerOptions{options.jobs, true}, printing);
  output.finish();
  if (jobs.empty()) {
    tell(options, say("no event log in what was given"));
    return exit_code::kNothingRead;
  }
  return printing.damaged() ? exit_code::kDamaged : exit_code::kDone;
}

}  // namespace iwamtrace
