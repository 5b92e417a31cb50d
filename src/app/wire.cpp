#include "app/wire.h"

#include <utility>

namespace iwamtrace {
namespace {

// Builds the alternative with that number, out of the wire.
template <std::size_t... Numbers>
Artefact read_alternative(WireReader& wire, std::size_t number,
                          std::index_sequence<Numbers...> /*all*/) {
  Artefact artefact;
  const auto read = [&]<std::size_t Number>() {
    if (Number == number) {
      wire.get(artefact.emplace<Number>());
    }
    return Number == number;
  };
  if (!(read.template operator()<Numbers>() || ...)) {
    throw WireError("an artefact of unknown kind");
  }
  return artefact;
}

}  // namespace

void write_artefact(WireWriter& wire, const Artefact& artefact) {
  wire.put(static_cast<std::uint8_t>(artefact.index()));
  std::visit([&](const auto& item) { wire.put(item); }, artefact);
}

Artefact read_artefact(WireReader& wire) {
  std::uint8_t number = 0;
  wire.get(number);
  return read_alternative(wire, number, std::make_index_sequence<std::variant_size_v<Artefact>>{});
}

void WireWriter::put(const EventRecord& record) {
  put(record.head);
  (*this)(record.origin, record.qualifiers, record.level, record.written, record.user,
          record.nt6_id, record.copies, record.keywords, record.version, record.opcode, record.task,
          record.process_id, record.thread_id, record.source(), record.computer(), record.log());
  put(static_cast<std::uint32_t>(record.fields().size()));
  for (const EventRecord::Field& field : record.fields()) {
    (*this)(field.kind, record.name(field), record.value(field));
  }
}

void WireReader::get(EventRecord& record) {
  record.clear();
  get(record.head);
  (*this)(record.origin, record.qualifiers, record.level, record.written, record.user,
          record.nt6_id, record.copies, record.keywords, record.version, record.opcode, record.task,
          record.process_id, record.thread_id);
  record.set_source(record.add_text(take_text()));
  record.set_computer(record.add_text(take_text()));
  record.set_log(record.add_text(take_text()));
  std::uint32_t fields = 0;
  get(fields);
  for (std::uint32_t i = 0; i < fields; ++i) {
    EventRecord::FieldKind kind{};
    get(kind);
    const EventRecord::Piece name = record.add_text(take_text());
    const EventRecord::Piece value = record.add_text(take_text());
    record.add_field(name, value, kind);
  }
}

}  // namespace iwamtrace
