#include "tests/support/metabases.h"

#include <algorithm>
#include <gtest/gtest.h>
#include <stdexcept>

#include "model/artefact.h"
#include "parsers/metabase/metabase_parser.h"

namespace iwamtrace {
namespace {

SecretBytes utf16_bytes_of(std::string_view utf8, bool with_nul) {
  std::u16string text = utf16_of(utf8);
  if (with_nul) {
    text.push_back(u'\0');
  }
  return SecretBytes(std::as_bytes(std::span{text.data(), text.size()}));
}

}  // namespace

MadeWebServer made_web_server() {
  MadeWebServer server;
  server.wam_user = "IWAM_SHOP1";
  server.wam_password = kMadeWamPassword;
  server.anonymous_password = "n;x7u'8(H<8&4h";
  server.iis_wpg = Sid::from_text("S-1-5-21-842925246-1214440339-725345543-1005").value();
  return server;
}

std::string fingerprint_of_text(std::string_view utf8) {
  return to_string(fingerprint_of(nt_hash(utf16_bytes_of(utf8, false).view())));
}

MetabaseSnapshot MetabaseTestReading::version(std::size_t number) const {
  return sink.all<MetabaseSnapshot>().at(number);
}

SecureProperty MetabaseTestReading::property(std::string_view location,
                                             std::string_view name) const {
  const auto all = sink.all<SecureProperty>();
  const auto found = std::ranges::find_if(all, [&](const SecureProperty& property) {
    return property.location.is(location) && property.name.is(name);
  });
  if (found == all.end()) {
    throw std::out_of_range("no such property");
  }
  return *found;
}

std::string MetabaseTestReading::fingerprint(std::string_view location,
                                             std::string_view name) const {
  const auto value = property(location, name).fingerprint;
  return value ? to_string(*value) : "";
}

std::string MetabaseTestReading::remarks() const {
  std::string text;
  for (const Damage& damage : sink.damage) {
    text += damage.lost ? "" : plain(damage.what) + "\n";
  }
  return text;
}

ReadOptions without_proof() {
  ReadOptions options;
  options.proof_budget = std::chrono::seconds{0};
  return options;
}

MetabaseTestReading read_metabase_files(const std::vector<std::string>& files, KeyRing& keys,
                                        const ReadOptions& options) {
  MetabaseTestReading reading;
  const TestSources sources(files);
  read_metabases(sources.sources(), options, keys, reading.sink);
  return reading;
}

MetabaseTestReading read_metabase_file(const std::string& file) {
  KeyRing keys;
  return read_metabase_files({file}, keys);
}

void add_com_plus_secret(KeyRing& keys, std::string_view utf8, bool previous) {
  OpenedSecret secret;
  secret.name = Untrusted{std::string(kPooledSecret)};
  secret.previous = previous;
  secret.value = utf16_bytes_of(utf8, true);
  secret.where = {SourceId{9}, 0x26dcU, std::nullopt,
                  Untrusted{std::string(previous ? "OldVal" : "CurrVal")}};
  keys.secrets.push_back(std::move(secret));
}

}  // namespace iwamtrace
