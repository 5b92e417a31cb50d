// The tables behind the messages. Private to parsers/catalog.
#pragma once

#include <span>
#include <string_view>

#include "model/event_key.h"

namespace iwamtrace {

// "DCOM got error "{Error}" …": names of strings in braces.
struct MessageTemplate {
  EventKey key;
  std::string_view text;
};
std::span<const MessageTemplate> message_templates();  // by key

// A security event is told by its title and its strings, each behind its label.
struct SecurityTitle {
  // Who the strings that begin with "Target" and "Subject" are.
  enum class People : std::uint8_t {
    kTargetAndCaller,  // an account, and who did something to it
    kUserAndCaller,    // who logs on, and who lets him
    kUser,             // who does something
  };
  std::uint16_t id = 0;  // of NT6; of NT5 where its title is another
  People people{};
  std::string_view title;
};
const SecurityTitle* security_title(std::uint16_t event_id, std::uint16_t nt6_id);

// Why a logon failed: by the event of NT5 (529 …), or by the %%2304 … of NT6; empty where neither
// tells.
std::string_view logon_failure_reason(std::uint16_t event_id);
std::string_view audit_parameter(std::uint64_t number);  // of msobjs.dll

}  // namespace iwamtrace
