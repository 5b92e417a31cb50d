#include "parsers/registry/services_key.h"

#include <utility>

#include "parsers/registry/key_walk.h"

namespace iwamtrace {
namespace {

using Which = KeyReadInFull::Which;

Service service_of(const HiveKey& key) {
  Service service;
  service.where = key.where();
  service.name = Untrusted{key.name()};
  service.key_written = key.last_written();
  if (const auto start = key.value("Start")) {
    service.start = start->dword();
    service.where = start->where;
  }
  service.type = number_of(key, "Type");
  service.image_path = text_of(key, "ImagePath");
  service.account = text_of(key, "ObjectName");
  service.display_name = text_of(key, "DisplayName");
  service.failure_command = text_of(key, "FailureCommand");
  return service;
}

// Also the keys that are no services, since one that lost its values is there nevertheless. Of one
// whose parameters cannot be read the rest is told.
void take_services(const HiveKey& services, EvidenceSink& sink) {
  bool whole = true;
  for (const HiveKey& key : services.children()) {
    whole &= guarded(key, sink, [&] {
      Service service = service_of(key);
      whole &= guarded(key, sink, [&] {
        if (const auto parameters = key.child("Parameters")) {
          service.service_dll = text_of(*parameters, "ServiceDll");
        }
      });
      sink.take(std::move(service));
    });
  }
  if (whole) {
    sink.take(KeyReadInFull{Which::kServices, services.where()});
  }
}

void take_log_settings(const HiveKey& services, EvidenceSink& sink) {
  const Reached logs = reach(services, "Eventlog");
  bool whole = logs.sure;
  for (const char* name : {"Application", "Security", "System"}) {
    const Reached log = logs.there ? reach(logs.key, name) : logs;
    whole &= log.sure;
    if (log.there) {
      whole &= guarded(log.key, sink, [&] {
        sink.take(LogSettings{log.key.where(), Untrusted{log.key.name()}, text_of(log.key, "File"),
                              number_of(log.key, "MaxSize"), number_of(log.key, "Retention"),
                              log.key.last_written()});
      });
    }
  }
  if (whole) {
    sink.take(KeyReadInFull{Which::kLogSettings, logs.key.where()});
  }
}

// All values of the key, each an artefact; that it was read in full is told where it is not there
// either.
template <typename Make>
void take_values(const HiveKey& services, std::string_view path, Which which, EvidenceSink& sink,
                 Make make) {
  const Reached reached = reach(services, path);
  bool whole = reached.sure;
  if (reached.there) {
    const auto values = reached.key.first_values(kMostOfAKey);
    whole &= values.whole;
    for (const HiveValue& value : values.items) {
      sink.take(make(value, reached.key.last_written()));
    }
  }
  if (whole) {
    sink.take(KeyReadInFull{which, reached.key.where()});
  }
}

VirtualRoot virtual_root(const HiveValue& value, std::optional<Timestamp> written) {
  return {value.where, Untrusted{value.name}, value.text(), written};
}

// A list of texts, "Path=C:\\Inetpub" among them.
NetworkShare network_share(const HiveValue& value, std::optional<Timestamp> written) {
  constexpr std::string_view kPath = "Path=";
  NetworkShare share{value.where, Untrusted{value.name}, {}, written};
  for (const HiveValue::Line& line : value.lines(kMostOfAKey)) {
    const Untrusted text{utf8_of(line.utf16)};
    if (text.view().starts_with(kPath)) {
      share.path = Untrusted{text.view().without_prefix(kPath.size())};
      break;
    }
  }
  return share;
}

}  // namespace

void read_services(const HiveKey& set, EvidenceSink& sink) {
  guarded(set, sink, [&] {
    const auto services = set.child("Services");
    if (!services) {
      return;
    }
    const auto read = [&](auto take) { guarded(*services, sink, [&] { take(*services, sink); }); };
    read(take_services);
    read(take_log_settings);
    guarded(*services, sink, [&] {
      take_values(*services, R"(W3SVC\Parameters\Virtual Roots)", Which::kVirtualRoots, sink,
                  virtual_root);
    });
    guarded(*services, sink, [&] {
      take_values(*services, R"(lanmanserver\Shares)", Which::kNetworkShares, sink, network_share);
    });
  });
}

}  // namespace iwamtrace
