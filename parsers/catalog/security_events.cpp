// Events of the security log. Account ids stand as %{S-1-…}, logon ids as (0x0,0x3E7), nothing as
// "-". Columns: id, id of the NT6 twin, fewest and most strings, their names.
#include "parsers/catalog/tables.h"

namespace iwamtrace {
namespace {

using enum EventSource;

constexpr EventDefinition row(std::uint16_t id, std::uint16_t nt6_id, std::uint8_t fewest,
                              std::uint8_t most, const std::array<Names, 4>& names = {},
                              Shape shape = Shape::kAny) {
  return {kSecurity, id, nt6_id, fewest, most, names, shape};
}

constexpr Names kTarget = "TargetUserName TargetDomainName TargetSid";
constexpr Names kCaller = "SubjectUserName SubjectDomainName SubjectLogonId";
constexpr Names kCallerPrivileges =
    "SubjectUserName SubjectDomainName SubjectLogonId PrivilegeList";
constexpr Names kTargetAndCaller =
    "TargetUserName TargetDomainName TargetSid "
    "SubjectUserName SubjectDomainName SubjectLogonId PrivilegeList";
constexpr Names kSubject = "SubjectUserSid SubjectUserName SubjectDomainName SubjectLogonId";
constexpr Names kSubjectPrivileges =
    "SubjectUserSid SubjectUserName SubjectDomainName SubjectLogonId PrivilegeList";
constexpr Names kTargetAndSubject =
    "TargetUserName TargetDomainName TargetSid "
    "SubjectUserSid SubjectUserName SubjectDomainName SubjectLogonId PrivilegeList";
constexpr Names kFailed =
    "TargetUserName TargetDomainName LogonType LogonProcessName AuthenticationPackageName "
    "WorkstationName";
constexpr Names kLogon =
    "TargetUserName TargetDomainName TargetLogonId LogonType LogonProcessName "
    "AuthenticationPackageName WorkstationName LogonGuid";
constexpr Names kAddress = "ProcessId TransmittedServices IpAddress IpPort";
constexpr Names kPolicy =
    "MinPasswordAge MaxPasswordAge ForceLogoff LockoutThreshold LockoutObservationWindow "
    "LockoutDuration PasswordProperties MinPasswordLength PasswordHistoryLength "
    "MachineAccountQuota MixedDomainMode DomainBehaviorVersion OemInformation";
constexpr Names kAccount =
    "SamAccountName DisplayName UserPrincipalName HomeDirectory HomePath ScriptPath ProfilePath "
    "UserWorkstations PasswordLastSet AccountExpires PrimaryGroupId AllowedToDelegateTo "
    "OldUacValue NewUacValue UserAccountControl UserParameters SidHistory LogonHours";

constexpr std::array kTable{
    row(512, 4608, 0, 0),
    row(513, 4609, 0, 0),
    row(514, 4610, 1, kMore, {"AuthenticationPackageName"}),
    row(515, 4611, 1, kMore, {"LogonProcessName", kCaller}),
    row(516, 4612, 1, kMore, {"AuditsDiscarded"}),
    // The primary is SYSTEM, the client is who did it: so with every event that has both.
    row(517, 1102, 6, 6, {"PrimaryUserName PrimaryDomainName PrimaryLogonId", kCaller}),
    row(518, 4614, 1, kMore, {"NotificationPackageName"}),
    row(520, 4616, 10, kMore,
        {"ProcessId ProcessName PrimaryUserName PrimaryDomainName PrimaryLogonId", kCaller,
         "PreviousTime NewTime"}),
    // 7 strings on 2000, 8 on XP, 15 on 2003.
    row(528, 4624, 7, kMore, {kLogon, kCaller, kAddress}),
    // 7 strings on 2000 SP4, 6 before, 13 on 2003.
    row(529, 4625, 7, 7, {kFailed, "ProcessId"}),
    row(529, 4625, 6, kMore, {kFailed, kCaller, kAddress}),
    row(530, 4625, 7, 7, {kFailed, "ProcessId"}),
    row(530, 4625, 6, kMore, {kFailed, kCaller, kAddress}),
    row(531, 4625, 7, 7, {kFailed, "ProcessId"}),
    row(531, 4625, 6, kMore, {kFailed, kCaller, kAddress}),
    row(532, 4625, 7, 7, {kFailed, "ProcessId"}),
    row(532, 4625, 6, kMore, {kFailed, kCaller, kAddress}),
    row(533, 4625, 7, 7, {kFailed, "ProcessId"}),
    row(533, 4625, 6, kMore, {kFailed, kCaller, kAddress}),
    row(534, 4625, 7, 7, {kFailed, "ProcessId"}),
    row(534, 4625, 6, kMore, {kFailed, kCaller, kAddress}),
    row(535, 4625, 7, 7, {kFailed, "ProcessId"}),
    row(535, 4625, 6, kMore, {kFailed, kCaller, kAddress}),
    row(536, 4625, 7, 7, {kFailed, "ProcessId"}),
    row(536, 4625, 6, kMore, {kFailed, kCaller, kAddress}),
    row(537, 4625, 14, kMore, {kFailed, "Status SubStatus", kCaller, kAddress}),
    row(537, 4625, 6, kMore, {kFailed, "Status SubStatus"}),
    row(538, 4634, 4, kMore, {"TargetUserName TargetDomainName TargetLogonId LogonType"}),
    row(539, 4625, 7, 7, {kFailed, "ProcessId"}),
    row(539, 4625, 6, kMore, {kFailed, kCaller, kAddress}),
    row(540, 4624, 7, kMore, {kLogon, kCaller, kAddress}),
    row(551, 4647, 3, kMore, {"TargetUserName TargetDomainName TargetLogonId"}),
    // 12 or 13 strings on one and the same machine.
    row(552, 4648, 9, kMore,
        {kCaller,
         "LogonGuid TargetUserName TargetDomainName TargetLogonGuid TargetServerName "
         "TargetInfo ProcessId IpAddress IpPort"}),
    row(560, 4656, 18, kMore,
        {"ObjectServer ObjectType ObjectName HandleId OperationId - ProcessId ProcessName",
         "PrimaryUserName PrimaryDomainName PrimaryLogonId", kCaller,
         "AccessList PrivilegeList RestrictedSidCount AccessMask"}),
    row(560, 4656, 15, 15,
        {"ObjectServer ObjectType ObjectName HandleId OperationId - ProcessId",
         "PrimaryUserName PrimaryDomainName PrimaryLogonId", kCaller, "AccessList PrivilegeList"}),
    // 4 strings on 2000, 5 on 2003, of which the last may be empty.
    row(576, 4672, 4, kMore, {kCaller, "PrivilegeList"}),
    row(577, 4673, 9, kMore,
        {"ObjectServer Service", "PrimaryUserName PrimaryDomainName PrimaryLogonId", kCaller,
         "PrivilegeList"}),
    row(578, 4674, 10, kMore,
        {"ObjectServer HandleId ProcessId", "PrimaryUserName PrimaryDomainName PrimaryLogonId",
         kCaller, "PrivilegeList"}),
    row(592, 4688, 6, kMore, {"NewProcessId NewProcessName ProcessId", kCaller}),
    // 2003 adds the image.
    row(593, 4689, 5, kMore, {"ProcessId ProcessName", kCaller}),
    row(593, 4689, 4, 4, {"ProcessId", kCaller}),
    row(594, 4690, 4, kMore, {"SourceHandleId SourceProcessId TargetHandleId TargetProcessId"}),
    row(595, 4691, 10, kMore,
        {"ObjectType ObjectName ProcessId", "PrimaryUserName PrimaryDomainName PrimaryLogonId",
         kCaller, "AccessList"}),
    row(600, 4696, 5, kMore,
        {"ProcessId ProcessName", kCaller,
         "TargetProcessId TargetProcessName TargetUserName TargetDomainName TargetLogonId"}),
    row(601, 4697, 8, kMore,
        {"ServiceName ServiceFileName ServiceType ServiceStartType ServiceAccount", kCaller}),
    row(602, 4698, 9, kMore, {"TaskName Command Triggers Time Flags TargetUserName", kCaller}),
    row(608, 4704, 5, kMore, {"PrivilegeList TargetSid", kCaller}),
    row(609, 4705, 5, kMore, {"PrivilegeList TargetSid", kCaller}),
    row(610, 4706, 5, kMore, {"DomainName DomainSid", kCaller}),
    row(611, 4707, 5, kMore, {"DomainName DomainSid", kCaller}),
    // + and -. NT 4 has neither directory access nor account logon.
    row(612, 4719, 21, kMore,
        {"SystemSuccess SystemFailure LogonSuccess LogonFailure ObjectSuccess "
         "ObjectFailure PrivilegeSuccess PrivilegeFailure DetailedSuccess DetailedFailure "
         "PolicySuccess PolicyFailure AccountSuccess AccountFailure",
         "DirectorySuccess DirectoryFailure AccountLogonSuccess AccountLogonFailure", kCaller}),
    row(612, 4719, 17, 17,
        {"SystemSuccess SystemFailure LogonSuccess LogonFailure ObjectSuccess "
         "ObjectFailure PrivilegeSuccess PrivilegeFailure DetailedSuccess DetailedFailure "
         "PolicySuccess PolicyFailure AccountSuccess AccountFailure",
         kCaller}),
    row(617, 4713, 4, kMore, {kCaller, "KerberosPolicyChange"}),
    row(621, 4717, 5, kMore, {kCaller, "AccessGranted TargetSid"}),
    row(622, 4718, 5, kMore, {kCaller, "AccessRemoved TargetSid"}),
    // Everything behind the privileges: 2003 only.
    row(624, 4720, 7, kMore, {kTarget, kCaller, "PrivilegeList", kAccount}),
    row(625, 625, 7, kMore, {kTarget, "AccountType", kCaller}),
    row(626, 4722, 6, kMore, {kTarget, kCaller}),
    // Windows 2000 writes it for an administrator's reset too.
    row(627, 4723, 6, kMore, {kTarget, kCaller, "PrivilegeList"}),
    row(628, 4724, 6, kMore, {kTarget, kCaller}),
    row(629, 4725, 6, kMore, {kTarget, kCaller}),
    row(630, 4726, 6, kMore, {kTarget, kCaller, "PrivilegeList"}),
    row(631, 4727, 6, kMore, {kTarget, kCaller, "PrivilegeList", "SamAccountName SidHistory"}),
    // NT 4 has 8 strings; its one for the member may be a SID.
    row(632, 4728, 9, kMore, {"MemberName MemberSid", kTarget, kCaller, "PrivilegeList"}),
    row(632, 4728, 8, 8, {"MemberSid", kTarget, kCaller, "PrivilegeList"}, Shape::kSidFirst),
    row(632, 4728, 8, 8, {"MemberName", kTarget, kCaller, "PrivilegeList"}),
    row(633, 4729, 9, kMore, {"MemberName MemberSid", kTarget, kCaller, "PrivilegeList"}),
    row(633, 4729, 8, 8, {"MemberSid", kTarget, kCaller, "PrivilegeList"}, Shape::kSidFirst),
    row(633, 4729, 8, 8, {"MemberName", kTarget, kCaller, "PrivilegeList"}),
    row(634, 4730, 6, kMore, {kTarget, kCaller, "PrivilegeList"}),
    row(635, 4731, 6, kMore, {kTarget, kCaller, "PrivilegeList", "SamAccountName SidHistory"}),
    row(636, 4732, 9, kMore, {"MemberName MemberSid", kTarget, kCaller, "PrivilegeList"}),
    row(636, 4732, 8, 8, {"MemberSid", kTarget, kCaller, "PrivilegeList"}, Shape::kSidFirst),
    row(636, 4732, 8, 8, {"MemberName", kTarget, kCaller, "PrivilegeList"}),
    row(637, 4733, 9, kMore, {"MemberName MemberSid", kTarget, kCaller, "PrivilegeList"}),
    row(637, 4733, 8, 8, {"MemberSid", kTarget, kCaller, "PrivilegeList"}, Shape::kSidFirst),
    row(637, 4733, 8, 8, {"MemberName", kTarget, kCaller, "PrivilegeList"}),
    row(638, 4734, 6, kMore, {kTarget, kCaller, "PrivilegeList"}),
    row(639, 4735, 6, kMore, {kTarget, kCaller, "PrivilegeList", "SamAccountName SidHistory"}),
    row(640, 640, 7, kMore, {"ChangeType ObjectType ObjectName ObjectId", kCaller}),
    row(641, 4737, 6, kMore, {kTarget, kCaller, "PrivilegeList", "SamAccountName SidHistory"}),
    // NT 4 has no text of what changed.
    row(642, 4738, 8, kMore, {"ChangeText", kTarget, kCallerPrivileges, kAccount},
        Shape::kSidFourth),
    row(642, 4738, 7, 7, {kTarget, kCaller, "PrivilegeList"}, Shape::kSidThird),
    row(643, 4739, 7, kMore,
        {"DomainPolicyChanged DomainName DomainSid", kCaller, "PrivilegeList", kPolicy},
        Shape::kSidThird),
    row(643, 4739, 6, 6, {"DomainName DomainSid", kCaller, "PrivilegeList"}, Shape::kSidSecond),
    // TargetDomainName is the calling machine here, as on NT6. The KB has it behind the SID.
    row(644, 4740, 6, 6, {"TargetUserName TargetSid TargetDomainName", kCaller}, Shape::kSidSecond),
    row(644, 4740, 6, kMore, {kTarget, kCaller}),
    row(645, 4741, 7, kMore,
        {kTarget, kCallerPrivileges, kAccount, "DnsHostName ServicePrincipalNames"}),
    row(646, 4742, 8, kMore,
        {"ComputerAccountChange", kTargetAndCaller, kAccount, "DnsHostName ServicePrincipalNames"},
        Shape::kSidFourth),
    row(647, 4743, 6, kMore, {kTarget, kCaller, "PrivilegeList"}),
    row(658, 4754, 6, kMore, {kTarget, kCaller, "PrivilegeList", "SamAccountName SidHistory"}),
    row(660, 4756, 9, kMore, {"MemberName MemberSid", kTarget, kCaller, "PrivilegeList"}),
    row(660, 4756, 8, 8, {"MemberSid", kTarget, kCaller, "PrivilegeList"}, Shape::kSidFirst),
    row(660, 4756, 8, 8, {"MemberName", kTarget, kCaller, "PrivilegeList"}),
    row(661, 4757, 9, kMore, {"MemberName MemberSid", kTarget, kCaller, "PrivilegeList"}),
    row(661, 4757, 8, 8, {"MemberSid", kTarget, kCaller, "PrivilegeList"}, Shape::kSidFirst),
    row(661, 4757, 8, 8, {"MemberName", kTarget, kCaller, "PrivilegeList"}),
    row(671, 4767, 6, kMore, {kTarget, kCaller}),
    row(675, 4771, 6, kMore, {"TargetUserName TargetSid ServiceName PreAuthType Status IpAddress"}),
    row(680, 4776, 3, 4, {"PackageName TargetUserName Workstation Status"}),
    // The status is a decimal NTSTATUS.
    row(681, 4776, 4, 4, {"PackageName TargetUserName Workstation Status"}),
    row(682, 4778, 6, kMore,
        {"AccountName AccountDomain LogonID SessionName ClientName ClientAddress"}),
    row(683, 4779, 6, kMore,
        {"AccountName AccountDomain LogonID SessionName ClientName ClientAddress"}),
    row(685, 4781, 7, kMore,
        {"OldTargetUserName NewTargetUserName TargetDomainName TargetSid", kCaller,
         "PrivilegeList"}),

    // NT6 names its strings itself; these say what to expect.
    row(1102, 1102, 4, kMore, {kSubject}),
    row(4608, 4608, 0, kMore),
    row(4609, 4609, 0, kMore),
    row(4610, 4610, 1, kMore, {"AuthenticationPackageName"}),
    row(4611, 4611, 5, kMore, {kSubject, "LogonProcessName"}),
    row(4612, 4612, 1, kMore, {"AuditsDiscarded"}),
    row(4614, 4614, 1, kMore, {"NotificationPackageName"}),
    row(4616, 4616, 8, 8, {kSubject, "PreviousTime NewTime ProcessId ProcessName"}),
    row(4616, 4616, 10, kMore,
        {kSubject, "PreviousDate PreviousTime NewDate NewTime ProcessId ProcessName"}),
    row(4624, 4624, 20, kMore,
        {kSubject,
         "TargetUserSid TargetUserName TargetDomainName TargetLogonId LogonType "
         "LogonProcessName AuthenticationPackageName WorkstationName LogonGuid "
         "TransmittedServices LmPackageName KeyLength ProcessId ProcessName IpAddress "
         "IpPort",
         "ImpersonationLevel RestrictedAdminMode TargetOutboundUserName "
         "TargetOutboundDomainName VirtualAccount TargetLinkedLogonId ElevatedToken"}),
    row(4625, 4625, 21, kMore,
        {kSubject,
         "TargetUserSid TargetUserName TargetDomainName Status FailureReason SubStatus "
         "LogonType LogonProcessName AuthenticationPackageName WorkstationName "
         "TransmittedServices LmPackageName KeyLength ProcessId ProcessName IpAddress "
         "IpPort"}),
    row(4634, 4634, 5, kMore,
        {"TargetUserSid TargetUserName TargetDomainName TargetLogonId LogonType"}),
    row(4647, 4647, 4, kMore, {"TargetUserSid TargetUserName TargetDomainName TargetLogonId"}),
    row(4648, 4648, 14, kMore,
        {kSubject,
         "LogonGuid TargetUserName TargetDomainName TargetLogonGuid TargetServerName "
         "TargetInfo ProcessId ProcessName IpAddress IpPort"}),
    row(4656, 4656, 16, kMore,
        {kSubject,
         "ObjectServer ObjectType ObjectName HandleId TransactionId AccessList "
         "AccessReason AccessMask PrivilegeList RestrictedSidCount ProcessId ProcessName "
         "ResourceAttributes"}),
    row(4663, 4663, 12, kMore,
        {kSubject,
         "ObjectServer ObjectType ObjectName HandleId AccessList AccessMask ProcessId "
         "ProcessName ResourceAttributes"}),
    row(4672, 4672, 5, kMore, {kSubject, "PrivilegeList"}),
    row(4673, 4673, 9, kMore,
        {kSubject, "ObjectServer Service PrivilegeList ProcessId ProcessName"}),
    row(4688, 4688, 8, kMore,
        {kSubject,
         "NewProcessId NewProcessName TokenElevationType ProcessId CommandLine "
         "TargetUserSid TargetUserName TargetDomainName TargetLogonId ParentProcessName "
         "MandatoryLabel"}),
    row(4689, 4689, 7, kMore, {kSubject, "Status ProcessId ProcessName"}),
    row(4690, 4690, 8, kMore,
        {kSubject, "SourceHandleId SourceProcessId TargetHandleId TargetProcessId"}),
    row(4691, 4691, 9, kMore, {kSubject, "ObjectType ObjectName AccessList AccessMask ProcessId"}),
    row(4697, 4697, 9, kMore,
        {kSubject, "ServiceName ServiceFileName ServiceType ServiceStartType ServiceAccount"}),
    row(4698, 4698, 6, kMore, {kSubject, "TaskName TaskContent"}),
    row(4702, 4702, 6, kMore, {kSubject, "TaskName TaskContentNew"}),
    row(4704, 4704, 6, kMore, {kSubject, "TargetSid PrivilegeList"}),
    row(4705, 4705, 6, kMore, {kSubject, "TargetSid PrivilegeList"}),
    row(4717, 4717, 6, kMore, {kSubject, "TargetSid AccessGranted"}),
    row(4718, 4718, 6, kMore, {kSubject, "TargetSid AccessRemoved"}),
    row(4719, 4719, 8, kMore,
        {kSubject, "CategoryId SubcategoryId SubcategoryGuid AuditPolicyChanges"}),
    row(4720, 4720, 8, kMore, {kTarget, kSubject, "PrivilegeList", kAccount}),
    row(4722, 4722, 7, kMore, {kTarget, kSubject}),
    row(4723, 4723, 8, kMore, {kTarget, kSubject, "PrivilegeList"}),
    row(4724, 4724, 7, kMore, {kTarget, kSubject}),
    row(4725, 4725, 7, kMore, {kTarget, kSubject}),
    row(4726, 4726, 8, kMore, {kTarget, kSubject, "PrivilegeList"}),
    row(4727, 4727, 8, kMore, {kTarget, kSubject, "PrivilegeList SamAccountName SidHistory"}),
    row(4728, 4728, 10, kMore, {"MemberName MemberSid", kTarget, kSubject, "PrivilegeList"}),
    row(4729, 4729, 10, kMore, {"MemberName MemberSid", kTarget, kSubject, "PrivilegeList"}),
    row(4730, 4730, 8, kMore, {kTarget, kSubject, "PrivilegeList"}),
    row(4731, 4731, 8, kMore, {kTarget, kSubject, "PrivilegeList SamAccountName SidHistory"}),
    row(4732, 4732, 10, kMore, {"MemberName MemberSid", kTarget, kSubject, "PrivilegeList"}),
    row(4733, 4733, 10, kMore, {"MemberName MemberSid", kTarget, kSubject, "PrivilegeList"}),
    row(4734, 4734, 8, kMore, {kTarget, kSubject, "PrivilegeList"}),
    row(4735, 4735, 8, kMore, {kTarget, kSubject, "PrivilegeList SamAccountName SidHistory"}),
    row(4737, 4737, 8, kMore, {kTarget, kSubject, "PrivilegeList SamAccountName SidHistory"}),
    row(4738, 4738, 9, kMore, {"Dummy", kTarget, kSubjectPrivileges, kAccount}),
    row(4739, 4739, 21, kMore,
        {"DomainPolicyChanged DomainName DomainSid", kSubject, "PrivilegeList", kPolicy}),
    row(4740, 4740, 7, kMore, {kTarget, kSubject}),
    row(4741, 4741, 28, kMore,
        {kTarget, kSubjectPrivileges, kAccount, "DnsHostName ServicePrincipalNames"}),
    row(4742, 4742, 29, kMore,
        {"ComputerAccountChange", kTargetAndSubject, kAccount,
         "DnsHostName ServicePrincipalNames"}),
    row(4743, 4743, 8, kMore, {kTarget, kSubject, "PrivilegeList"}),
    row(4754, 4754, 8, kMore, {kTarget, kSubject, "PrivilegeList SamAccountName SidHistory"}),
    row(4756, 4756, 10, kMore, {"MemberName MemberSid", kTarget, kSubject, "PrivilegeList"}),
    row(4757, 4757, 10, kMore, {"MemberName MemberSid", kTarget, kSubject, "PrivilegeList"}),
    row(4767, 4767, 7, kMore, {kTarget, kSubject}),
    row(4768, 4768, 14, kMore,
        {"TargetUserName TargetDomainName TargetSid ServiceName ServiceSid TicketOptions "
         "Status TicketEncryptionType PreAuthType IpAddress IpPort CertIssuerName "
         "CertSerialNumber CertThumbprint"}),
    row(4769, 4769, 11, kMore,
        {"TargetUserName TargetDomainName ServiceName ServiceSid TicketOptions "
         "TicketEncryptionType IpAddress IpPort Status LogonGuid TransmittedServices"}),
    row(4771, 4771, 11, kMore,
        {"TargetUserName TargetSid ServiceName TicketOptions Status PreAuthType IpAddress "
         "IpPort CertIssuerName CertSerialNumber CertThumbprint"}),
    row(4776, 4776, 4, kMore, {"PackageName TargetUserName Workstation Status"}),
    row(4778, 4778, 6, kMore,
        {"AccountName AccountDomain LogonID SessionName ClientName ClientAddress"}),
    row(4779, 4779, 6, kMore,
        {"AccountName AccountDomain LogonID SessionName ClientName ClientAddress"}),
    row(4781, 4781, 9, kMore,
        {"OldTargetUserName NewTargetUserName TargetDomainName TargetSid", kSubject,
         "PrivilegeList"}),
    row(4798, 4798, 9, kMore, {kTarget, kSubject, "CallerProcessId CallerProcessName"}),
    row(4799, 4799, 9, kMore, {kTarget, kSubject, "CallerProcessId CallerProcessName"}),
    row(5024, 5024, 0, 0),
    row(5140, 5140, 10, kMore,
        {kSubject, "ObjectType IpAddress IpPort ShareName ShareLocalPath AccessMask AccessList"}),
    row(5145, 5145, 13, kMore,
        {kSubject,
         "ObjectType IpAddress IpPort ShareName ShareLocalPath RelativeTargetName AccessMask "
         "AccessList AccessReason"}),
};
static_assert(in_order(kTable));

}  // namespace

std::span<const EventDefinition> security_events() { return kTable; }

}  // namespace iwamtrace
