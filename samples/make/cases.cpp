#include "make/cases.h"

#include <array>

#include "make/stories.h"

namespace iwamtrace {

std::span<const SampleCase> all_sample_cases() {
  static constexpr std::array kCases{
      SampleCase{"password-reset",
                 "An administrator sets the password of IWAM_SHOP1 in Local Users and Groups and\n"
                 "tells neither COM+ nor IIS. The running process serves on; after the restart in\n"
                 "the evening every pooled application fails. Windows Server 2003, IIS 6 in IIS 5\n"
                 "isolation mode.\n",
                 password_reset_nt5, "healthy-with-decoys", true},
      SampleCase{
          "healthy-with-decoys",
          "Nothing is wrong: the password was renewed in all three places. Around it stands\n"
          "what a hasty reader might take for the fault: a reset of another account's\n"
          "password, a DCOM 10004 for another account, DCOM 10010 for another server.\n",
          healthy_with_decoys,
          {},
          true},
      SampleCase{
          "metabase-changed-alone",
          "Somebody sets WAMUserPass with adsutil.vbs and changes nothing else. SAM and COM+\n"
          "agree with each other; two versions of the metabase under one session key differ.\n",
          metabase_changed_alone, "metabase-first", true},
      SampleCase{
          "metabase-restored",
          "The password is renewed in all three places; three weeks later somebody restores the\n"
          "metabase of before. Its value is the one that the SAM had before, four versions of it\n"
          "tell when it changed there and back, and the key files of the server are in the case:\n"
          "the value is read with the server's own key and confirmed by its signature.\n",
          metabase_restored, "healthy-with-decoys", true},
      SampleCase{
          "password-reset-nt6",
          "The story of password-reset, told by hives and logs of NT6. No Windows ships IWAM\n"
          "with IIS 7: the case proves the readers, not a server that ever was.\n",
          password_reset_nt6, "healthy-with-decoys", true},
      SampleCase{
          "password-reset-2000",
          "The story of password-reset on Windows 2000: IIS 5.0, whose metabase is no text and\n"
          "of which somebody printed what adsutil.vbs shows; a reset is logged as 627, records\n"
          "have few strings.\n",
          password_reset_2000, "healthy-with-decoys"},
      SampleCase{
          "metabase-first",
          "The metabase is given a new password; within minutes SAM and COM+ get the same. Two\n"
          "versions of the metabase differ, and nothing is wrong.\n",
          metabase_first_and_others_after},
      SampleCase{
          "com-plus-changed-alone",
          "A script writes another password into COM+'s secret. SAM and metabase agree with\n"
          "each other; COM+'s former password is the one that they have.\n",
          com_plus_changed_alone, "synciwam-in-vain"},
      SampleCase{
          "synciwam-in-vain",
          "Somebody runs synciwam.vbs although nothing is wrong. COM+'s secret is younger than\n"
          "all other copies, and holds what it held before.\n",
          synciwam_in_vain},
      SampleCase{"two-copies-changed",
                 "The SAM gets one password and, the next morning, the metabase another one. COM+\n"
                 "keeps the first.\n",
                 two_copies_changed, "mended-outage"},
      SampleCase{
          "mended-outage",
          "A password is reset in the SAM alone; the next morning somebody gives all three\n"
          "places a new one. The failures of the night are in the logs, the fault is not in the\n"
          "hives any more.\n",
          mended_outage},
      SampleCase{
          "iis-resynchronised",
          "IIS starts and sets the password of its account to what the metabase has, as it may\n"
          "at each start. The record names the system; nobody is behind it, and nothing fails.\n",
          iis_resynchronised},
      SampleCase{
          "right-taken",
          "Somebody takes \"Log on as a batch job\" from IIS_WPG and from IWAM_SHOP1 itself. The\n"
          "passwords agree; DCOM gives 1385.\n",
          right_taken, "right-through-group"},
      SampleCase{
          "right-through-group",
          "\"Log on as a batch job\" is taken from IWAM_SHOP1; its group IIS_WPG gives it still.\n",
          right_through_group},
      SampleCase{"account-disabled",
                 "Somebody who tidies up accounts disables IWAM_SHOP1. DCOM gives 1331.\n",
                 account_disabled, "other-account-disabled"},
      SampleCase{"other-account-disabled",
                 "Somebody who tidies up accounts disables one that nobody needs.\n",
                 other_account_disabled},
      SampleCase{
          "account-locked",
          "A machine of the network tries passwords of IWAM_SHOP1 until the policy locks it.\n"
          "DCOM gives 1909.\n",
          account_locked, "lock-ran-out"},
      SampleCase{
          "lock-ran-out",
          "A machine of the network tries passwords of IWAM_SHOP1 until the policy locks it for\n"
          "half an hour. When the applications start next, that is over.\n",
          lock_ran_out},
      SampleCase{
          "password-expired",
          "Somebody takes \"Password never expires\" from IWAM_SHOP1, whose password is older\n"
          "than the policy allows. DCOM gives 1330.\n",
          password_expired, "old-password-kept"},
      SampleCase{
          "old-password-kept",
          "\"Password never expires\" is taken from another account. That of IWAM_SHOP1 is older\n"
          "than the policy allows, and never expires.\n",
          old_password_kept},
      SampleCase{
          "users-group-incomplete",
          "Somebody takes Authenticated Users and INTERACTIVE out of the group Users. The logon\n"
          "of IWAM_SHOP1 succeeds, and its process does not register: DCOM 10010.\n",
          users_group_incomplete, "users-group-restored"},
      SampleCase{
          "users-group-restored",
          "Authenticated Users is taken out of the group Users by mistake and put back. DCOM\n"
          "10010 stands in the log, of another server.\n",
          users_group_restored},
      SampleCase{
          "account-made-anew",
          "The server ceases to be a domain controller: its accounts are made anew, and COM+\n"
          "and the metabase know the passwords of the former ones.\n",
          account_made_anew, "account-made-anew-told"},
      SampleCase{"account-made-anew-told",
                 "As account-made-anew; the metabase and COM+ are told the new password before\n"
                 "anything starts.\n",
                 account_made_anew_and_told},
      SampleCase{
          "iis-admin-disabled",
          "Somebody disables the IIS Admin Service. After the restart W3SVC does not start:\n"
          "7001, and DCOM 10005 with 1058.\n",
          iis_admin_disabled, "noise-of-others"},
      SampleCase{
          "launch-denied",
          "The launch permission of the pooled applications leaves Guests alone. DCOM denies\n"
          "the start: 10002.\n",
          launch_denied, "noise-of-others"},
      SampleCase{
          "files-closed",
          "A hardening script closes files that the process of the pooled applications must\n"
          "read. Its logon succeeds, its start does not: DCOM 10001, error 5.\n",
          files_closed, "noise-of-others"},
      SampleCase{"rpc-crashed",
                 "The service of RPC crashes, as a worm of 2003 made it crash, and DCOM with it.\n",
                 rpc_crashed, "noise-of-others"},
      SampleCase{
          "noise-of-others",
          "Another service is disabled, another crashes; DCOM misses permissions and files for\n"
          "other servers. The pooled applications are well.\n",
          noise_of_others},
      SampleCase{
          "msdtc-removed",
          "The set-up of SQL Server 7.0 takes the transaction coordinator of Windows 2000 away:\n"
          "COM+ 4099, W3SVC 59 and 36.\n",
          msdtc_removed, "msdtc-stopped"},
      SampleCase{"msdtc-stopped",
                 "Windows Server 2003: the transaction coordinator is set to start on demand and\n"
                 "stands still for half an hour. Nothing needs it.\n",
                 msdtc_stopped},
      SampleCase{
          "pool-identity",
          "IIS 6 in worker process mode: the identity of an application pool is invalid. The\n"
          "password of IWAM_SHOP1 differs in its copies and explains nothing.\n",
          pool_identity, "worker-processes"},
      SampleCase{"worker-processes",
                 "IIS 6 in worker process mode: the password of IWAM_SHOP1 differs in its copies,\n"
                 "nobody uses it, and nothing fails.\n",
                 worker_processes},
      SampleCase{
          "metabase-of-other-server",
          "Somebody restores the metabase of another web server: it names IWAM_WEB7, which is\n"
          "not here.\n",
          metabase_of_other_server, "renamed-computer"},
      SampleCase{
          "renamed-computer",
          "The computer SHOP1 becomes STORE1. Its accounts keep their names, and everything\n"
          "works.\n",
          renamed_computer},
      SampleCase{"moved-into-iis",
                 "A password reset, and the classic test: somebody moves one of the failing\n"
                 "applications into IIS, where it works.\n",
                 moved_into_iis, "healthy-with-decoys"},
      SampleCase{
          "sql-attack",
          "\"My servers was hacked ... SQL server was attacked thru sa\": the password of sa is\n"
          "guessed, commands run as the system make an account an administrator and set the\n"
          "password of IWAM_SHOP1 on the way.\n",
          sql_attack, "sql-installation", true},
      SampleCase{
          "sql-installation",
          "SQL Server 2000 is installed: accounts and services are made as the system, and the\n"
          "agent fails to log in as sa until somebody puts its password right.\n",
          sql_installation},
      SampleCase{
          "rpc-worm",
          "The RPC service crashes three times and takes Windows with it, as Blaster made it;\n"
          "then Nachi installs its services.\n",
          rpc_worm, "patch-day"},
      SampleCase{
          "patch-day",
          "An administrator installs the patches of the month and restarts the server twice.\n",
          patch_day},
      SampleCase{
          "web-attack",
          "Somebody publishes a whole drive with the right to write and to run, and the web\n"
          "server starts a shell.\n",
          web_attack, "noisy-server"},
      SampleCase{"noisy-server",
                 "A healthy server that the internet reaches: guesses that lead to nothing, an\n"
                 "extension that crashes, a folder for uploads that was set up carelessly.\n",
                 noisy_server},
      SampleCase{
          "insider",
          "Somebody who may do everything makes himself an account that lists leave out, sets\n"
          "the password of IWAM_SHOP1, clears the Security log and stops the audit.\n",
          insider, "administrators-day"},
      SampleCase{
          "administrators-day",
          "An administrator makes a colleague an account and an administrator, and installs a\n"
          "service.\n",
          administrators_day},
  };
  return kCases;
}

}  // namespace iwamtrace
