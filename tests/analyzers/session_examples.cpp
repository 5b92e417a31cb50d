#include "tests/analyzers/session_examples.h"

#include <gtest/gtest.h>
#include <stdexcept>

#include "parsers/catalog/catalog.h"

namespace iwamtrace {

EventRecord& security(MadeCase& made, std::string_view time, std::uint16_t id,
                      const std::vector<std::string_view>& strings) {
  MadeCase::Fields fields;
  for (const std::string_view string : strings) {
    fields.emplace_back("", string);
  }
  EventRecord& record =
      made.event(kSecurityLog, time, event_key_of(EventSource::kSecurity, id), id, fields);
  name_fields(record);
  return record;
}

EventRecord& logon_528(MadeCase& made, std::string_view time, std::string_view user,
                       std::string_view id, std::string_view type, std::string_view station,
                       std::string_view address, std::string_view process) {
  return security(made, time, 528,
                  {user, "SHOP1", id, type, process, "Negotiate", station, "{0}", "SHOP1$",
                   "WORKGROUP", "(0x0,0x3E7)", "604", "-", address, "1044"});
}

EventRecord& logon_4624(MadeCase& made, std::string_view time, std::string_view sid,
                        std::string_view user, std::string_view id, std::string_view type) {
  return security(made, time, 4624,
                  {"S-1-5-18", "SHOP1$", "WORKGROUP", "0x3e7",     sid,         user,  "SHOP1",
                   id,         type,     "User32 ",   "Negotiate", "SHOP1",     "{0}", "-",
                   "-",        "0",      "0x25c",     "C:\\w.exe", "10.2.0.15", "1044"});
}

EventRecord& logoff(MadeCase& made, std::string_view time, std::uint16_t id,
                    std::string_view logon_id) {
  return security(made, time, id, {"mlang", "SHOP1", logon_id, "10"});
}

EventRecord& client(MadeCase& made, std::string_view time, std::uint16_t id,
                    std::string_view address, std::string_view logon_id) {
  return security(made, time, id, {"mlang", "SHOP1", logon_id, "RDP-Tcp#7", "OTHER-PC", address});
}

EventRecord& started(MadeCase& made, std::string_view time, std::string_view process,
                     std::string_view image, std::string_view creator, std::string_view logon_id) {
  return security(made, time, 592, {process, image, creator, "mlang", "SHOP1", logon_id});
}

MadeCase changed_by_mlang() {
  MadeCase made = reset_in_sam();
  security(made, kBoot, 512, {});
  logon_528(made, kLogonTime, "mlang", kId);
  return made;
}

const Actor& actor_in(MadeCase& made) {
  const Answers& answers = made.judge();
  if (!answers.desync.actor) {
    throw std::logic_error("the case has no actor");
  }
  EXPECT_EQ(answers.desync.actor->linked, !answers.desync.actor->link.empty());
  EXPECT_EQ(answers.desync.actor->linked, answers.desync.actor->unlinked_because.empty());
  return *answers.desync.actor;
}

const Actor& act(MadeCase& made) {
  made.password_set(kAct, "IWAM_SHOP1", "mlang");
  return actor_in(made);
}

void expect_unlinked(const Actor& actor, std::string_view because) {
  EXPECT_FALSE(actor.linked) << plain(actor.link);
  EXPECT_NE(plain(actor.unlinked_because).find(because), std::string::npos)
      << plain(actor.unlinked_because);
  EXPECT_TRUE(actor.address.empty() && actor.workstation.empty() && actor.process.empty());
  EXPECT_FALSE(actor.logon_type || actor.logon_time);
  EXPECT_TRUE(actor.session.empty());
  EXPECT_FALSE(actor.citations.empty());
}

std::vector<std::string> told_of(const Actor& actor) {
  std::vector<std::string> told;
  for (const Moment& moment : actor.session) {
    told.push_back(plain(moment.statement));
    EXPECT_FALSE(moment.citations.empty());
  }
  return told;
}

std::vector<std::uint64_t> records_of(const Actor& actor) {
  std::vector<std::uint64_t> records;
  for (const Citation& citation : actor.citations) {
    records.push_back(citation.record.value_or(0));
  }
  return records;
}
}  // namespace iwamtrace
