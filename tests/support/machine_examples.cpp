#include "tests/support/machine_examples.h"

#include "make/bytes.h"
#include "make/windows_hives.h"
#include "model/text.h"

namespace iwamtrace {

std::string raw_bytes(std::string_view hexadecimal) { return bytes_of_hex(hexadecimal).value(); }
std::string shown_in_hex(std::string_view bytes) { return hex(as_bytes(bytes)); }
Timestamp moment_at(std::string_view iso) { return Timestamp::from_iso(iso).value(); }

namespace {

MadeUser administrator() {
  return MadeUser{.rid = 500, .name = "Administrator", .password = "Passw0rd!1", .lm_hashes = true};
}
MadeUser guest() {
  return MadeUser{.rid = 501,
                  .name = "Guest",
                  .flags = kNormalAccount | kAccountDisabled | kPasswordNotRequired};
}
MadeUser iwam() {
  return MadeUser{.rid = 1003,
                  .name = "IWAM_WEB1",
                  .full_name = "Launch IIS Process Account",
                  .comment =
                      "Built-in account for Internet Information Services to start out of "
                      "process applications",
                  .password = "n;x7u'8(H<8&4h",
                  .earlier_passwords = {")U\"yR4)y8982tD", "caf\xC3\xA9 \xE2\x82\xAC"},
                  .last_logon = moment_at("2004-06-13T22:10:00.1Z"),
                  .password_last_set = moment_at("2004-06-14T09:31:22.4370001Z"),
                  .last_bad_password = moment_at("2004-06-14T09:40:00Z"),
                  .bad_password_count = 3,
                  .logon_count = 17,
                  .created = moment_at("2003-10-03T13:05:00Z"),
                  .written = moment_at("2004-06-14T09:40:01Z")};
}

}  // namespace

MadeSamHive example_sam(SamProtection protection) {
  MadeSamHive made{.machine_sid = kMachine,
                   .protection = protection,
                   .boot_key = std::string(kBootKey),
                   .key_id = 2,
                   .policy = MadeSamPolicy{.created = kInstalled,
                                           .min_length = 7,
                                           .history_length = 3,
                                           .lockout_threshold = 5,
                                           .complexity = true,
                                           .next_rid = 1010},
                   .users = {administrator(), guest(), iwam()},
                   .builtin_aliases = usual_builtin_aliases(kMachine),
                   .account_aliases = {MadeAlias{.rid = 1005,
                                                 .name = "IIS_WPG",
                                                 .comment = "IIS Worker Process Group",
                                                 .members = {kMachine.with(1003)}}},
                   .written = kInstalled};
  made.builtin_aliases[2].members.push_back(kMachine.with(1003));
  return made;
}

MadeSystemHive example_system() {
  return MadeSystemHive{
      .boot_key = std::string(kBootKey),
      .computer_name = "WEB1",
      .time_zone = {.bias = 480, .active_bias = 420, .standard_name = "Pacific Standard Time"},
      .shutdown = moment_at("2004-06-14T20:00:00Z"),
      .services = {MadeService{.name = "IISADMIN",
                               .start = 4,
                               .image_path = R"(C:\WINDOWS\system32\inetsrv\inetinfo.exe)",
                               .display_name = "IIS Admin Service",
                               .depends_on = {"RPCSS", "SamSs"},
                               .written = moment_at("2004-06-14T09:00:00Z")}},
      .event_logs = classic_event_logs(),
      .written = kInstalled};
}

MadeSecurityHive example_security(MadeSecurityHive::Form form) {
  return MadeSecurityHive{
      .form = form,
      .boot_key = std::string(kBootKey),
      .account_domain_sid = kMachine,
      .audit = {.enabled = true,
                .categories = {0, 3, 0, 2, 0, 1, 3, 0, 1},
                .subcategories = {3, 1}},
      .secrets = {MadeSecret{.name = std::string(kPooledSecret),
                             .current = MadeSecretValue::text("n;x7u'8(H<8&4h"),
                             .previous = MadeSecretValue::text(")U\"yR4)y8982tD"),
                             .created = kInstalled,
                             .set = moment_at("2004-06-14T09:31:23Z"),
                             .previous_set = moment_at("2003-10-03T13:06:00Z"),
                             .key_lag = 4'000'000},
                  MadeSecret{.name = "_SC_W3SVC",
                             .current = MadeSecretValue::empty(),
                             .created = kInstalled},
                  MadeSecret{.name = "DefaultPassword",
                             .current = MadeSecretValue::bytes(utf16_bytes("admin")),
                             .previous = MadeSecretValue::missing(),
                             .created = kInstalled},
                  MadeSecret{.name = "L$Deleted", .created = kInstalled}},
      .accounts = {MadeAccountRights{.sid = kMachine.with(1003),
                                     .logon_rights = kBatchLogon | kNetworkLogon,
                                     .privileges = {3, 5}},
                   MadeAccountRights{.sid = well_known::kEveryone, .privileges = {23}}},
      .written = kInstalled};
}

MadeSoftwareHive example_software() {
  return MadeSoftwareHive{
      .installed = kInstalled,
      .default_launch_permission =
          SecurityDescriptor{.owner = well_known::kAdministrators,
                             .group = well_known::kAdministrators,
                             .has_dacl = true,
                             .dacl = {allow_ace(well_known::kInteractive, kComExecute)}},
      .default_access_permission = {},
      .app_ids = {MadeAppId{
          .run_as = "WEB1\\IWAM_WEB1",
          .key_security = SecurityDescriptor{.owner = well_known::kSystem,
                                             .group = well_known::kSystem,
                                             .has_dacl = true,
                                             .dacl = {deny_ace(kMachine.with(1003), 0x20019)}},
          .written = moment_at("2004-06-14T09:31:23Z")}},
      .written = kInstalled};
}

}  // namespace iwamtrace
