// Where parsers put what they read. Only a worker makes one; it filters, counts and frames.
#pragma once

#include <string_view>

#include "model/artefact.h"
#include "model/damage.h"
#include "model/event_key.h"
#include "model/event_record.h"
#include "model/source.h"

namespace iwamtrace {

class EvidenceSink {
 public:
  EvidenceSink() = default;
  EvidenceSink(EvidenceSink&&) = default;
  EvidenceSink& operator=(EvidenceSink&&) = default;
  EvidenceSink(const EvidenceSink&) = delete;
  EvidenceSink& operator=(const EvidenceSink&) = delete;
  virtual ~EvidenceSink() = default;

  // What the parser is about to do, and to which source: should it die there, the report says so.
  virtual void enter(SourceId source, std::string_view stage) = 0;
  // Asked once for every event record, before anything of it is rendered; a record that nobody
  // wants is counted here and goes no further.
  virtual bool wants(const EventHead& head) = 0;
  // The record is the parser's and is reused for the next one.
  virtual void take(const EventRecord& record) = 0;
  virtual void take(Artefact artefact) = 0;
  virtual void take(Damage damage) = 0;
  virtual void take(SourceSummary summary) = 0;
  virtual void take(CrossCheck check) = 0;
};

}  // namespace iwamtrace
