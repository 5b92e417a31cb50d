#include "parsers/registry/sql_servers.h"

#include <map>
#include <utility>

#include "parsers/registry/key_walk.h"

namespace iwamtrace {
namespace {

constexpr std::string_view kDefaultInstance = "MSSQLSERVER";

// Name of the instance by its key, in lower case.
using InstanceNames = std::map<Untrusted, Untrusted>;

class SqlServers {
 public:
  SqlServers(const HiveKey& microsoft, EvidenceSink& sink) : microsoft_(microsoft), sink_(sink) {}

  // Whether all were read.
  bool run() {
    whole_ &= guarded(microsoft_, sink_, [&] {
      take(microsoft_, R"(MSSQLServer\MSSQLServer)", Untrusted{std::string(kDefaultInstance)});
    });
    whole_ &= guarded(microsoft_, sink_, [&] { take_named(); });
    return whole_;
  }

 private:
  void take(const HiveKey& top, std::string_view path, Untrusted instance) {
    const Reached reached = reach(top, path);
    whole_ &= reached.sure;
    if (reached.there) {
      const HiveKey& key = reached.key;
      sink_.take(SqlServer{key.where(), std::move(instance), number_of(key, "LoginMode"),
                           number_of(key, "AuditLevel"), key.last_written()});
    }
  }

  void take_named() {
    const Reached servers = reach(microsoft_, "Microsoft SQL Server");
    whole_ &= servers.sure;
    if (!servers.there) {
      return;
    }
    const InstanceNames names = names_of_instances(servers.key);
    const auto keys = servers.key.first_children(kMostOfAKey);
    whole_ &= keys.whole;
    for (const HiveKey& key : keys.items) {
      const auto name = names.find(Untrusted{key.name()}.folded());
      whole_ &= guarded(key, sink_, [&] {
        take(key, "MSSQLServer", name == names.end() ? Untrusted{key.name()} : name->second);
      });
    }
  }

  // Since 2005 the key is called by a number, "MSSQL.1", and a list has the names; before, the key
  // has the name itself.
  InstanceNames names_of_instances(const HiveKey& servers) {
    InstanceNames names;
    const Reached list = reach(servers, R"(Instance Names\SQL)");
    whole_ &= list.sure;
    if (list.there) {
      const auto values = list.key.first_values(kMostOfAKey);
      whole_ &= values.whole;
      for (const HiveValue& value : values.items) {
        names.try_emplace(value.text().folded(), value.name);
      }
    }
    return names;
  }

  const HiveKey& microsoft_;
  EvidenceSink& sink_;
  bool whole_ = true;
};

bool read_below(const HiveKey& top, EvidenceSink& sink) {
  const Reached microsoft = reach(top, "Microsoft");
  return microsoft.there ? SqlServers(microsoft.key, sink).run() : microsoft.sure;
}

}  // namespace

void read_sql_servers(const HiveKey& root, EvidenceSink& sink) {
  guarded(root, sink, [&] {
    bool whole = read_below(root, sink);
    const Reached of_32_bits = reach(root, "Wow6432Node");
    whole &= of_32_bits.there ? read_below(of_32_bits.key, sink) : of_32_bits.sure;
    if (whole) {
      sink.take(KeyReadInFull{KeyReadInFull::Which::kSqlServers,
                              reach(root, R"(Microsoft\Microsoft SQL Server)").key.where()});
    }
  });
}

}  // namespace iwamtrace
