#include "parsers/catalog/event_messages.h"

#include <algorithm>
#include <array>
#include <string>

#include "model/codes.h"
#include "parsers/catalog/catalog.h"
#include "parsers/catalog/message_tables.h"

namespace iwamtrace {
namespace {

constexpr std::size_t kLongest = 4096;
constexpr std::size_t kLongestValue = 1024;

using People = SecurityTitle::People;

struct Label {
  std::string_view name, label;
};

constexpr std::array kTargets{Label{"TargetDomainName", "Target Domain"},
                              Label{"TargetSid", "Target Account ID"},
                              Label{"TargetUserName", "Target Account Name"}};
constexpr std::array kUsers{Label{"TargetDomainName", "Domain"}, Label{"TargetLogonId", "Logon ID"},
                            Label{"TargetUserName", "User Name"},
                            Label{"TargetUserSid", "User ID"}};
constexpr std::array kCallers{
    Label{"SubjectDomainName", "Caller Domain"}, Label{"SubjectLogonId", "Caller Logon ID"},
    Label{"SubjectUserName", "Caller User Name"}, Label{"SubjectUserSid", "Caller User ID"}};
constexpr std::array kActors{
    Label{"SubjectDomainName", "Domain"}, Label{"SubjectLogonId", "Logon ID"},
    Label{"SubjectUserName", "User Name"}, Label{"SubjectUserSid", "User ID"}};
// Where the classic label is not the name itself in words.
constexpr std::array kOthers{Label{"AuthenticationPackageName", "Authentication Package"},
                             Label{"FailureReason", "Reason"},
                             Label{"IpAddress", "Source Network Address"},
                             Label{"IpPort", "Source Port"},
                             Label{"LogonGuid", "Logon GUID"},
                             Label{"LogonID", "Logon ID"},
                             Label{"LogonProcessName", "Logon Process"},
                             Label{"MemberSid", "Member ID"},
                             Label{"NewProcessName", "Image File Name"},
                             Label{"PrivilegeList", "Privileges"},
                             Label{"Status", "Status code"},
                             Label{"SubStatus", "Substatus code"},
                             Label{"TargetLogonGuid", "Target Logon GUID"},
                             Label{"TransmittedServices", "Transited Services"}};

template <typename Table>
std::string_view label_in(const Table& table, UntrustedView name) {
  const auto found =
      std::ranges::find_if(table, [&](const Label& label) { return name.is(label.name); });
  return found == table.end() ? std::string_view{} : found->label;
}

std::string_view classic_label(UntrustedView name, People people) {
  const std::string_view target = people == People::kTargetAndCaller ? label_in(kTargets, name)
                                  : people == People::kUserAndCaller ? label_in(kUsers, name)
                                                                     : std::string_view{};
  if (!target.empty()) {
    return target;
  }
  const std::string_view subject =
      people == People::kUser ? label_in(kActors, name) : label_in(kCallers, name);
  return subject.empty() ? label_in(kOthers, name) : subject;
}

bool says_nothing(UntrustedView value) { return value.empty() || value.is("-"); }

// A code of Windows with what it means: "1326 (unknown user name or bad password)".
bool append_error(UntrustedView value, Untrusted& message) {
  const auto number = value.number();
  if (!number || *number > UINT32_MAX) {
    return false;
  }
  const auto code = static_cast<std::uint32_t>(*number);
  std::string_view known = win32_error(code);
  const bool wrapped = (code & kFacilityMask) == kWin32Facility;
  if (wrapped) {  // an HRESULT in decimal, as DCOM's 10006 has it
    known = win32_error(code & ~kFacilityMask);
  } else if (const NamedCode* hresult = named_code(hresults(), code)) {
    known = hresult->meaning;
  }
  if (known.empty()) {
    return false;
  }
  message.append(*number);
  message.append(" (");
  if (code >= kWin32Facility) {
    message.append(std::string_view{eight_digits(code)});
    message.append(", ");
  }
  message.append(known);
  message.append(")");
  return true;
}

// 681 has it in decimal, all others as 0xC000006A.
bool append_status(UntrustedView value, Untrusted& message) {
  const auto number = value.number();
  if (!number || *number > UINT32_MAX || *number == 0) {
    return false;
  }
  const auto code = static_cast<std::uint32_t>(*number);
  message.append("0x");
  message.append(std::string_view{eight_digits(code)});
  if (const NamedCode* known = named_code(nt_statuses(), code)) {
    message.append(" (");
    message.append(known->meaning);
    message.append(")");
  }
  return true;
}

void append_value(UntrustedView name, UntrustedView value, Untrusted& message) {
  const bool quoted = value.starts_with("%%");
  if ((name.is("Status") || name.is("SubStatus")) && append_status(value, message)) {
    return;
  }
  if (name.is("Error") && append_error(value, message)) {
    return;
  }
  if (const auto number = quoted ? value.number() : std::nullopt) {
    const std::string_view known = audit_parameter(*number);
    if (!known.empty()) {
      message.append(known);
      return;
    }
  }
  if (const auto sid = value.starts_with("%{") ? value.sid() : std::nullopt) {
    message.append(std::string_view{to_string(*sid)});
    return;
  }
  message.append(value.first(kLongestValue));
  if (value.size() > kLongestValue) {
    message.append("…");
  }
}

// "{ServiceName}" becomes the record's string of that name, also an empty one.
Untrusted filled(std::string_view text, const EventRecord& record) {
  Untrusted message;
  while (!text.empty()) {
    const std::size_t open = text.find('{');
    message.append(text.substr(0, open));
    if (open == std::string_view::npos) {
      break;
    }
    const std::size_t close = text.find('}', open);
    const std::string_view name = text.substr(open + 1, close - open - 1);
    append_value(UntrustedView{name}, record.field(name).trimmed(), message);
    text.remove_prefix(close + 1);
  }
  return message;
}

// "SubjectLogonId" as "Subject Logon Id".
std::string in_words(std::string_view name) {
  std::string words;
  for (std::size_t i = 0; i < name.size(); ++i) {
    const bool capital = name[i] >= 'A' && name[i] <= 'Z';
    const bool before = i != 0 && name[i - 1] >= 'a' && name[i - 1] <= 'z';
    words += capital && before ? " " : "";
    words += name[i];
  }
  return words;
}

class SecurityMessage {
 public:
  SecurityMessage(const EventRecord& record, const SecurityTitle& title)
      : record_(record), title_(title), message_(say(title.title)) {}

  Untrusted compose() {
    const std::string_view reason = logon_failure_reason(record_.head.event_id);
    if (!reason.empty()) {
      add("Reason", UntrustedView{reason}, UntrustedView{});
    }
    if (const EventDefinition* definition = definition_of(record_)) {
      for_each_name(*definition, [&](std::size_t /*position*/, std::string_view name) {
        const UntrustedView view{name};
        const std::string_view label = classic_label(view, title_.people);
        add(label.empty() ? in_words(name) : std::string(label), record_.field(name), view);
      });
    }
    return std::move(message_);
  }

 private:
  void add(const std::string& label, UntrustedView value, UntrustedView name) {
    value = value.trimmed();
    if (says_nothing(value) || size_ > kLongest - kLongestValue) {
      return;
    }
    message_.append(size_ == 0 ? ": " : ", ");
    message_.append(std::string_view{label});
    message_.append(": ");
    append_value(name, value, message_);
    size_ += label.size() + std::min(value.size(), kLongestValue) + 4;
  }

  const EventRecord& record_;
  const SecurityTitle& title_;
  Untrusted message_;
  std::size_t size_ = 0;
};

}  // namespace

Untrusted message_of(const EventRecord& record) {
  const EventKey key = record.head.key;
  if (key.source == EventSource::kOther || definition_of(record) == nullptr) {
    return {};
  }
  if (key.source == EventSource::kSecurity || key == events::kAuditLogCleared) {
    const SecurityTitle* title = security_title(record.head.event_id, key.id);
    return title == nullptr ? Untrusted{} : SecurityMessage(record, *title).compose();
  }
  const auto templates = message_templates();
  const auto found = std::ranges::lower_bound(templates, key, {}, &MessageTemplate::key);
  return found == templates.end() || found->key != key ? Untrusted{} : filled(found->text, record);
}

}  // namespace iwamtrace
