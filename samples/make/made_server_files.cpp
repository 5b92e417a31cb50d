// What a responder takes away from a made server.
#include <algorithm>

#include "make/dpapi_maker.h"
#include "make/hive_writer.h"
#include "make/made_server.h"
#include "make/software_hive.h"
#include "make/system_hive.h"
#include "make/windows_crypto.h"
#include "make/windows_hives.h"

namespace iwamtrace {
namespace {

// The keys of a made machine follow from its name.
std::string boot_key_of(const std::string& name) {
  return bytes_of_seed("boot key of " + name, 16);
}

// "1b562e86-b7aa-4131-badc-b6f3a001407e"
std::string guid_of_seed(const std::string& seed) {
  std::string guid = hex(as_bytes(bytes_of_seed(seed, 16)));
  for (const std::size_t dash : {8U, 13U, 18U, 23U}) {
    guid.insert(dash, "-");
  }
  return guid;
}

MadeDpapiSystem dpapi_system_of(const std::string& name) {
  return {.machine = bytes_of_seed("machine half of " + name, 20),
          .user = bytes_of_seed("user half of " + name, 20)};
}

SecurityDescriptor launch_permission(bool closed) {
  SecurityDescriptor descriptor;
  descriptor.owner = descriptor.group = well_known::kAdministrators;
  descriptor.has_dacl = true;
  if (closed) {
    descriptor.dacl = {allow_ace(well_known::kGuests, kComExecute)};
    return descriptor;
  }
  descriptor.dacl = {allow_ace(well_known::kAdministrators, kComExecute),
                     allow_ace(well_known::kSystem, kComExecute),
                     allow_ace(well_known::kInteractive, kComExecute)};
  return descriptor;
}

}  // namespace

std::vector<MadeFile> MadeServer::files(Timestamp copied) const {
  std::vector<MadeFile> files;
  if (nt6()) {
    files.push_back({"Logs/System.evtx", system_evtx_.bytes(), copied});
    files.push_back({"Logs/Security.evtx", security_evtx_.bytes(), copied});
  } else {
    files.push_back({"config/SysEvent.Evt", system_evt_.bytes(), copied});
    files.push_back({"config/SecEvent.Evt", security_evt_.bytes(), copied});
    if (has_application_log_) {
      files.push_back({"config/AppEvent.Evt", application_evt_.bytes(), copied});
    }
  }
  add_hives(files, copied);
  if (setup_.key_files) {
    add_key_files(files);
  }
  if (is_2000()) {
    files.push_back({"adsutil.txt", printed_metabase(), copied});
    return files;
  }
  for (std::size_t i = 0; i < saved_.size(); ++i) {
    const auto& [metabase, saved] = saved_[i];
    const std::string xml = metabase_xml(metabase);
    if (i + 1 == saved_.size()) {
      files.push_back({"inetsrv/MetaBase.xml", xml, saved});
    }
    files.push_back(
        {"inetsrv/History/" + metabase_history_name(metabase.major, metabase.minor), xml, saved});
  }
  return files;
}

// What "adsutil.vbs ENUM W3SVC" prints of it: passwords it masks.
std::string MadeServer::printed_metabase() const {
  const auto line = [](std::string_view name, std::string_view type, const std::string& value) {
    std::string text(name);
    text.resize(std::max<std::size_t>(32, text.size()), ' ');
    return text + ": (" + std::string(type) + ") " + value + "\r\n";
  };
  return "Microsoft (R) Windows Script Host Version 5.6\r\n"
         "Copyright (C) Microsoft Corporation 1996-2001. All rights reserved.\r\n\r\n" +
         line("KeyType", "STRING", "\"IIsWebService\"") +
         line("AnonymousUserName", "STRING", "\"IUSR_" + first_name_ + "\"") +
         line("AnonymousUserPass", "STRING", "\"******\"") +
         line("WAMUserName", "STRING", "\"" + metabase_account_ + "\"") +
         line("WAMUserPass", "STRING", "\"******\"") + "[/W3SVC/Info]\r\n[/W3SVC/1]\r\n";
}

void MadeServer::add_hives(std::vector<MadeFile>& files, Timestamp copied) const {
  const std::string boot_key = boot_key_of(first_name_);
  const std::string folder = "config/";
  const auto add = [&](const std::string& name, MadeHive hive) {
    hive.flushed = copied;
    files.push_back({folder + name, HiveWriter(hive).bytes(), copied});
  };

  MadeSystemHive system;
  system.boot_key = boot_key;
  system.computer_name = setup_.name;
  system.time_zone = MadeTimeZone{.bias = -60,
                                  .active_bias = -120,
                                  .standard_name = "W. Europe Standard Time",
                                  .daylight_name = "W. Europe Daylight Time"};
  system.services = services_;
  system.event_logs = classic_event_logs();
  system.written = setup_.installed;
  add("SYSTEM", hive_of(system));

  MadeSamHive sam;
  sam.machine_sid = machine_sid_;
  sam.protection = nt6() ? SamProtection::kAes : SamProtection::kRc4;
  sam.boot_key = boot_key;
  sam.policy.created = setup_.installed;
  sam.policy.history_length = setup_.password_history;
  sam.policy.next_rid = next_rid_;
  sam.policy.lockout_threshold = setup_.lockout_threshold;
  sam.policy.lockout_duration = setup_.lockout_duration;
  sam.version = is_2000() ? 6 : 7;
  for (const Account& account : accounts_) {
    MadeUser user = account.user;
    if (!account.passwords.front().empty()) {
      user.password = account.passwords.front();
    }
    const std::size_t remembered =
        std::min<std::size_t>(account.passwords.size(), setup_.password_history);
    user.earlier_passwords.assign(
        account.passwords.begin() + 1,
        account.passwords.begin() +
            static_cast<std::ptrdiff_t>(std::max<std::size_t>(remembered, 1)));
    sam.users.push_back(std::move(user));
  }
  sam.builtin_aliases = usual_builtin_aliases(machine_sid_);
  for (MadeAlias& alias : sam.builtin_aliases) {
    if (alias.rid == 545) {
      alias.members = users_members_;
    } else if (alias.rid == 544) {
      alias.members.insert(alias.members.end(), administrators_.begin(), administrators_.end());
    }
  }
  const Sid iwam = sid_of(*std::ranges::find_if(
      accounts_, [&](const Account& account) { return account.user.name == iwam_; }));
  sam.account_aliases = {MadeAlias{.rid = 1005,
                                   .name = "IIS_WPG",
                                   .comment = "IIS Worker Process Group",
                                   .members = {iwam, well_known::kSystem}}};
  if (is_2000()) {
    sam.account_aliases.clear();
  }
  sam.written = setup_.installed;
  add("SAM", hive_of(sam));

  MadeSecurityHive security;
  security.form = nt6() ? MadeSecurityHive::Form::kNt6 : MadeSecurityHive::Form::kNt5X86;
  security.boot_key = boot_key;
  security.policy_minor = nt6() ? 10 : 7;
  security.account_domain = setup_.name;
  security.account_domain_sid = machine_sid_;
  // Logons, account management and policy changes are audited.
  security.audit.enabled = audits_;
  security.audit.categories = {1, 3, 0, 0, tracks_processes_ ? 1U : 0U, 1, 1, 0, 1};
  security.audit.subcategories.assign(52, 1);
  MadeSecret secret;
  secret.name = std::string(kPooledSecret) + std::string(1, '\0');
  secret.current = MadeSecretValue::text(com_plus_password_);
  if (!com_plus_before_.empty()) {
    secret.previous = MadeSecretValue::text(com_plus_before_);
  }
  secret.created = setup_.installed;
  secret.set = com_plus_set_;
  secret.previous_set = com_plus_set_before_;
  security.secrets = {secret};
  if (setup_.key_files) {
    security.secrets.push_back(MadeSecret{
        .name = "DPAPI_SYSTEM",
        .current = MadeSecretValue::bytes(dpapi_system_secret(dpapi_system_of(first_name_))),
        .created = setup_.installed});
  }
  security.accounts = {
      MadeAccountRights{
          .sid = machine_sid_.with(1004),
          .logon_rights = kNetworkLogon | (batch_right_ ? std::uint32_t{kBatchLogon} : 0U),
          .privileges = {3, 5}},
      MadeAccountRights{.sid = machine_sid_.with(1005),
                        .logon_rights = group_batch_right_ ? std::uint32_t{kBatchLogon} : 0U},
      MadeAccountRights{.sid = well_known::kAdministrators,
                        .logon_rights = kInteractiveLogon | kNetworkLogon | kRemoteInteractiveLogon,
                        .privileges = {8, 9, 17, 18, 20}},
      MadeAccountRights{.sid = well_known::kUsers,
                        .logon_rights = kInteractiveLogon | kNetworkLogon}};
  security.written = setup_.installed;
  add("SECURITY", hive_of(security));

  MadeSoftwareHive software;
  if (nt6()) {
    software.product_name = "Windows Server (R) 2008 Standard";
    software.version = "6.0";
    software.build = "6001";
  }
  if (is_2000()) {
    software.product_name = "Microsoft Windows 2000";
    software.version = "5.0";
    software.build = "2195";
    software.service_pack = "Service Pack 4";
    software.iis_major = 5;
  }
  if (!nt6() && !is_2000()) {
    software.service_pack = setup_.service_pack;
  }
  software.installed = setup_.installed;
  software.default_launch_permission = launch_permission(false);
  software.app_ids = {MadeAppId{.run_as = first_name_ + "\\" + iwam_,
                                .launch_permission = launch_permission(launch_closed_)}};
  software.written = setup_.installed;
  add("SOFTWARE", hive_of(software));
}

void MadeServer::add_key_files(std::vector<MadeFile>& files) const {
  MadeMasterKey master;
  master.guid = guid_of_seed("master key of " + first_name_);
  master.key = bytes_of_seed("master key of " + first_name_, 64);
  master.half = dpapi_system_of(first_name_).machine;
  master.rounds = nt6() ? 24000 : 4000;
  files.push_back({"Protect/S-1-5-18/" + master.guid, master_key_file(master), setup_.installed});
  const MadeRsaContainer container{.machine = metabase_now().keys.machine, .under = master};
  files.push_back({"RSA/MachineKeys/" + rsa_container_file_name(
                                            container.name, guid_of_seed("machine " + first_name_)),
                   rsa_container_file(container), setup_.installed});
}

}  // namespace iwamtrace
