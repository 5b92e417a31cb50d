// Titles of the security log's events, and the parameters that its strings quote by number.
#include <algorithm>
#include <array>

#include "parsers/catalog/message_tables.h"

namespace iwamtrace {
namespace {

using enum SecurityTitle::People;
using Row = SecurityTitle;

constexpr std::array kTitles{
    Row{540, kUserAndCaller, "Successful Network Logon"},
    Row{578, kUser, "Privileged object operation"},
    Row{625, kTargetAndCaller, "User Account Type Changed"},
    Row{640, kTargetAndCaller, "General Account Database Change"},
    Row{1102, kUser, "The audit log was cleared"},
    Row{4608, kUser, "Windows is starting up"},
    Row{4609, kUser, "Windows is shutting down"},
    Row{4610, kUser, "An authentication package has been loaded by the Local Security Authority"},
    Row{4611, kUser, "A trusted logon process has registered with the Local Security Authority"},
    Row{4612, kUser,
        "Internal resources allocated for the queuing of audit messages have been exhausted"},
    Row{4614, kUser, "A notification package has been loaded by the Security Account Manager"},
    Row{4616, kUser, "The system time was changed"},
    Row{4624, kUserAndCaller, "Successful Logon"},
    Row{4625, kUserAndCaller, "Logon Failure"},
    Row{4634, kUserAndCaller, "User Logoff"},
    Row{4647, kUserAndCaller, "User initiated logoff"},
    Row{4648, kTargetAndCaller, "Logon attempt using explicit credentials"},
    Row{4656, kUser, "Object Open"},
    Row{4663, kUser, "Object Access Attempt"},
    Row{4672, kUser, "Special privileges assigned to new logon"},
    Row{4673, kUser, "Privileged Service Called"},
    Row{4674, kUser, "Privileged object operation"},
    Row{4688, kUser, "A new process has been created"},
    Row{4689, kUser, "A process has exited"},
    Row{4690, kUser, "A handle to an object has been duplicated"},
    Row{4691, kUser, "Indirect access to an object has been obtained"},
    Row{4696, kUser, "A process was assigned a primary token"},
    Row{4697, kUser, "Attempt to install service"},
    Row{4698, kUser, "Scheduled Task created"},
    Row{4702, kUser, "Scheduled Task updated"},
    Row{4704, kTargetAndCaller, "User Right Assigned"},
    Row{4705, kTargetAndCaller, "User Right Removed"},
    Row{4706, kUser, "New Trusted Domain"},
    Row{4707, kUser, "Removing Trusted Domain"},
    Row{4713, kUser, "Kerberos Policy Changed"},
    Row{4717, kUser, "System Security Access Granted"},
    Row{4718, kUser, "System Security Access Removed"},
    Row{4719, kUser, "Audit Policy Change"},
    Row{4720, kTargetAndCaller, "User Account Created"},
    Row{4722, kTargetAndCaller, "User Account Enabled"},
    Row{4723, kTargetAndCaller, "Change Password Attempt"},
    Row{4724, kTargetAndCaller, "User Account password set"},
    Row{4725, kTargetAndCaller, "User Account Disabled"},
    Row{4726, kTargetAndCaller, "User Account Deleted"},
    Row{4727, kTargetAndCaller, "Security Enabled Global Group Created"},
    Row{4728, kTargetAndCaller, "Security Enabled Global Group Member Added"},
    Row{4729, kTargetAndCaller, "Security Enabled Global Group Member Removed"},
    Row{4730, kTargetAndCaller, "Security Enabled Global Group Deleted"},
    Row{4731, kTargetAndCaller, "Security Enabled Local Group Created"},
    Row{4732, kTargetAndCaller, "Security Enabled Local Group Member Added"},
    Row{4733, kTargetAndCaller, "Security Enabled Local Group Member Removed"},
    Row{4734, kTargetAndCaller, "Security Enabled Local Group Deleted"},
    Row{4735, kTargetAndCaller, "Security Enabled Local Group Changed"},
    Row{4737, kTargetAndCaller, "Security Enabled Global Group Changed"},
    Row{4738, kTargetAndCaller, "User Account Changed"},
    Row{4739, kTargetAndCaller, "Domain Policy Changed"},
    Row{4740, kTargetAndCaller, "User Account Locked Out"},
    Row{4741, kTargetAndCaller, "Computer Account Created"},
    Row{4742, kTargetAndCaller, "Computer Account Changed"},
    Row{4743, kTargetAndCaller, "Computer Account Deleted"},
    Row{4754, kTargetAndCaller, "Security Enabled Universal Group Created"},
    Row{4756, kTargetAndCaller, "Security Enabled Universal Group Member Added"},
    Row{4757, kTargetAndCaller, "Security Enabled Universal Group Member Removed"},
    Row{4767, kTargetAndCaller, "User Account Unlocked"},
    Row{4768, kUserAndCaller, "Authentication Ticket Request"},
    Row{4769, kUserAndCaller, "Service Ticket Request"},
    Row{4771, kUserAndCaller, "Pre-authentication failed"},
    Row{4776, kUserAndCaller, "Logon attempt"},
    Row{4778, kUser, "Session reconnected to winstation"},
    Row{4779, kUser, "Session disconnected from winstation"},
    Row{4781, kTargetAndCaller, "User Account Name Changed"},
    Row{4798, kTargetAndCaller, "A user's local group membership was enumerated"},
    Row{4799, kTargetAndCaller, "A security-enabled local group membership was enumerated"},
    Row{5024, kUser, "The Windows Firewall service started successfully"},
    Row{5140, kUser, "A network share object was accessed"},
    Row{5145, kUser, "A network share object was checked for the desired access"},
};
static_assert(std::ranges::is_sorted(kTitles, {}, &SecurityTitle::id));

struct NumberedText {
  std::uint64_t number = 0;
  std::string_view text;
};

constexpr std::array kReasons{
    NumberedText{529, "Unknown user name or bad password"},
    NumberedText{530, "Account logon time restriction violation"},
    NumberedText{531, "Account currently disabled"},
    NumberedText{532, "The specified user account has expired"},
    NumberedText{533, "User not allowed to logon at this computer"},
    NumberedText{534, "The user has not been granted the requested logon type at this machine"},
    NumberedText{535, "The specified account's password has expired"},
    NumberedText{536, "The NetLogon component is not active"},
    NumberedText{537, "An error occurred during logon"},
    NumberedText{539, "Account locked out"},
};

constexpr std::array kParameters{
    NumberedText{1538, "READ_CONTROL"},
    NumberedText{1539, "WRITE_DAC"},
    NumberedText{1540, "WRITE_OWNER"},
    NumberedText{1541, "SYNCHRONIZE"},
    NumberedText{1832, "Identification"},
    NumberedText{1833, "Impersonation"},
    NumberedText{1842, "Yes"},
    NumberedText{1843, "No"},
    NumberedText{1936, "TokenElevationTypeDefault (1)"},
    NumberedText{1937, "TokenElevationTypeFull (2)"},
    NumberedText{1938, "TokenElevationTypeLimited (3)"},
    NumberedText{2304, "An error occurred during logon"},
    NumberedText{2305, "The specified user account has expired"},
    NumberedText{2306, "The NetLogon component is not active"},
    NumberedText{2307, "Account locked out"},
    NumberedText{2308, "The user has not been granted the requested logon type at this machine"},
    NumberedText{2309, "The specified account's password has expired"},
    NumberedText{2310, "Account currently disabled"},
    NumberedText{2311, "Account logon time restriction violation"},
    NumberedText{2312, "User not allowed to logon at this computer"},
    NumberedText{2313, "Unknown user name or bad password"},
};

std::string_view text_of(std::span<const NumberedText> table, std::uint64_t number) {
  const auto found = std::ranges::find(table, number, &NumberedText::number);
  return found == table.end() ? std::string_view{} : found->text;
}

}  // namespace

const SecurityTitle* security_title(std::uint16_t event_id, std::uint16_t nt6_id) {
  for (const std::uint16_t id : {event_id, nt6_id}) {
    const auto* const found = std::ranges::lower_bound(kTitles, id, {}, &SecurityTitle::id);
    if (found != kTitles.end() && found->id == id) {
      return found;
    }
  }
  return nullptr;
}

std::string_view logon_failure_reason(std::uint16_t event_id) {
  return text_of(kReasons, event_id);
}

std::string_view audit_parameter(std::uint64_t number) { return text_of(kParameters, number); }

}  // namespace iwamtrace
