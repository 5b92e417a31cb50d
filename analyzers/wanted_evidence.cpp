// What should be collected next: for every cause that is left undetermined, what would decide it.
#include <algorithm>
#include <array>
#include <span>
#include <utility>

#include "analyzers/case_contents.h"
#include "analyzers/log_settings.h"
#include "analyzers/questions.h"

namespace iwamtrace {
namespace {

constexpr std::array<std::string_view, 4> kCopies{"sam_changed_alone", "com_plus_changed_alone",
                                                  "metabase_changed_alone", "multiple_changes"};
constexpr std::array<std::string_view, 9> kOfSam{
    "sam_changed_alone", "com_plus_changed_alone",   "multiple_changes",
    "account_disabled",  "account_locked",           "account_expired",
    "password_expired",  "group_membership_changed", "users_group_incomplete"};
constexpr std::array<std::string_view, 4> kOfSecurity{"sam_changed_alone", "com_plus_changed_alone",
                                                      "multiple_changes", "logon_right_missing"};
constexpr std::array<std::string_view, 12> kOfSystem{"sam_changed_alone",
                                                     "com_plus_changed_alone",
                                                     "multiple_changes",
                                                     "service_disabled",
                                                     "msdtc_missing",
                                                     "audit_log_full",
                                                     "domain_controller_demotion",
                                                     "domain_controller_promotion",
                                                     "metabase_from_other_server",
                                                     "rpc_service_crash",
                                                     "metabase_changed_alone",
                                                     "logon_right_missing"};
constexpr std::array<std::string_view, 3> kOfSoftware{
    "launch_permission_denied", "registry_acl_denied", "com_plus_identity_edited"};
constexpr std::array<std::string_view, 4> kOfMetabase{"metabase_changed_alone", "multiple_changes",
                                                      "metabase_from_other_server",
                                                      "application_pool_identity"};
constexpr std::array<std::string_view, 2> kOfMetabaseKeys{"metabase_changed_alone",
                                                          "multiple_changes"};
constexpr std::array<std::string_view, 14> kOfSystemLog{"logon_right_missing",
                                                        "account_disabled",
                                                        "account_locked",
                                                        "account_expired",
                                                        "password_expired",
                                                        "users_group_incomplete",
                                                        "registry_acl_denied",
                                                        "file_acl_denied",
                                                        "launch_permission_denied",
                                                        "com_plus_catalog_damaged",
                                                        "msdtc_missing",
                                                        "service_disabled",
                                                        "rpc_service_crash",
                                                        "application_pool_identity"};
constexpr std::array<std::string_view, 8> kOfSecurityLog{
    "sam_changed_alone",   "multiple_changes",
    "logon_right_missing", "account_disabled",
    "account_locked",      "group_membership_changed",
    "audit_log_full",      "domain_controller_demotion"};
constexpr std::array<std::string_view, 3> kOfApplicationLog{"com_plus_catalog_damaged",
                                                            "msdtc_missing", "rpc_service_crash"};
constexpr std::array<std::string_view, 1> kRegistry{"registry_acl_denied"};
constexpr std::array<std::string_view, 1> kFiles{"file_acl_denied"};
constexpr std::array<std::string_view, 1> kCatalog{"com_plus_catalog_damaged"};
constexpr std::array<std::string_view, 2> kDomain{"domain_controller_demotion",
                                                  "domain_controller_promotion"};
constexpr std::array<std::string_view, 1> kCrash{"rpc_service_crash"};
constexpr std::array<std::string_view, 1> kPool{"application_pool_identity"};
constexpr std::array<std::string_view, 6> kOfDirectory{
    "account_disabled", "account_locked",      "account_expired",
    "password_expired", "logon_right_missing", "group_membership_changed"};

class Wanting {
 public:
  Wanting(const Case& the_case, Answers& answers) : case_(the_case), answers_(answers) {}

  // For those of `causes` that nothing decides yet.
  void want(bool lacks, std::string_view path, std::span<const std::string_view> causes,
            std::string_view why) {
    want(lacks, say(path), causes, why);
  }
  void want(bool lacks, Untrusted path, std::span<const std::string_view> causes,
            std::string_view why) {
    WantedEvidence wanted{std::move(path), {}, say(why)};
    for (const WeighedHypothesis& weighed : answers_.hypotheses) {
      const auto cause = std::ranges::find(causes, weighed.hypothesis.id);
      if (weighed.standing == Standing::kUndetermined && cause != causes.end()) {
        wanted.decides.emplace_back(*cause);
      }
    }
    if (lacks && !wanted.decides.empty()) {
      answers_.wanted.push_back(std::move(wanted));
    }
  }

  [[nodiscard]] bool is_nt6() const {
    return has_kind(case_, SourceKind::kEvtx) && !has_kind(case_, SourceKind::kEvt);
  }

  void hives() {
    want(!answers_.copies.sam_read, R"(%SystemRoot%\System32\config\SAM)", kOfSam,
         "the account's password with its time and history, its state and its groups");
    want(!answers_.copies.security_read, R"(%SystemRoot%\System32\config\SECURITY)", kOfSecurity,
         "COM+'s copy of the password with its times, the account's rights, what was audited");
    want(!has_kind(case_, SourceKind::kHiveSystem), R"(%SystemRoot%\System32\config\SYSTEM)",
         kOfSystem,
         "the boot key that opens SAM and SECURITY, the services, the computer's name and role");
    want(!has_kind(case_, SourceKind::kHiveSoftware), R"(%SystemRoot%\System32\config\SOFTWARE)",
         kOfSoftware, "the permissions of DCOM and the identity of the pooled applications");
  }

  void metabase() {
    const MetabaseSnapshot* metabase = answers_.copies.metabase();
    const bool iis5 =
        answers_.host.iis.view().starts_with("5") || has_kind(case_, SourceKind::kMetabaseBin);
    want(metabase == nullptr && !iis5, R"(%SystemRoot%\System32\inetsrv\MetaBase.xml and History)",
         kOfMetabase, "the metabase's copy of the password in all its versions, and its account");
    want(metabase == nullptr && iis5,
         R"(what "cscript.exe adsutil.vbs ENUM_ALL W3SVC" prints on the server)", kOfMetabase,
         "MetaBase.bin is not readable here; the script prints account and applications");
    const bool closed = metabase != nullptr && !metabase->fingerprint;
    want(closed && metabase->password_form == PasswordForm::kEncrypted,
         R"(%ALLUSERSPROFILE%\Application Data\Microsoft\Crypto\RSA\MachineKeys and )"
         R"(%SystemRoot%\System32\Microsoft\Protect\S-1-5-18)",
         kOfMetabaseKeys, "the server's own keys open the metabase's password");
    const bool without_value = closed && metabase->password_form != PasswordForm::kEncrypted;
    want(without_value && !iis5, R"(%SystemRoot%\System32\inetsrv\MetaBase.xml and History)",
         kOfMetabaseKeys,
         "what is in the case of the metabase has no password that can be compared");
    want(without_value && iis5,
         R"(what "adsutil.vbs GET W3SVC/WAMUserPass" prints with IsSecureProperty = False in it)",
         kOfMetabaseKeys, "the script masks passwords; it is a secret then: handle it as one");
    want(metabase != nullptr && answers_.copies.metabases.empty() && !iis5,
         R"(%SystemRoot%\System32\inetsrv\MetaBase.xml and History)", kOfMetabase,
         "its files have times and versions; a printed listing has none");
  }

  void logs() {
    want_log("System", "SysEvent.Evt", kOfSystemLog,
             "DCOM and W3SVC give the reason why applications do not start");
    want_log("Security", "SecEvent.Evt", kOfSecurityLog,
             "who changed account, groups, rights or policy, and when");
    want_log("Application", "AppEvent.Evt", kOfApplicationLog,
             "COM+, MSDTC and Dr Watson write there");
  }

  // What shows how he came in, and what he did; read by a person too.
  void traces_of_an_intruder() {
    const CompromiseAnswer& compromise = answers_.compromise;
    if (compromise.verdict > CompromiseVerdict::kSuspected) {
      return;
    }
    const auto take = [&](std::string_view kind, std::string_view path, std::string_view why) {
      if (kind == compromise.kind) {
        answers_.wanted.push_back(WantedEvidence{say(path), {compromise.kind}, say(why)});
      }
    };
    take("web_server_attack", R"(%SystemRoot%\System32\LogFiles\W3SVC*)",
         "IIS notes there each request with its time, client and answer");
    take("iis_worm", R"(%SystemRoot%\System32\LogFiles\W3SVC*)",
         "IIS notes there the requests by which the worm came, and from where");
    take("sql_server_attack", R"(…\Microsoft SQL Server\MSSQL*\LOG\ERRORLOG*)",
         "SQL Server notes there logins and loaded procedures, with the client's address");
    take(compromise.kind, "an image of the disks",
         "programs that ran and files that were made are in it, and in no log");
  }

  // Read by a person, not by this program.
  void what_is_in_no_file() {
    want(true, R"(HKCR\CLSID, HKCR\Interface, HKCR\TypeLib, HKLM\SOFTWARE\Microsoft\COM3)",
         kRegistry, "their permissions, or what Regmon notes while a start fails");
    want(true, R"(%SystemRoot%\System32\inetsrv and %SystemRoot%\System32\dllhost.exe)", kFiles,
         "what cacls.exe prints of them, or Filemon notes while a start fails");
    want(true, R"(%SystemRoot%\Registration, %SystemRoot%\comsetup.log)", kCatalog,
         "whether the catalogue is there, of which day, and how its set-up ended");
    want(true, R"(%SystemRoot%\debug\dcpromo.log)", kDomain,
         "it dates each promotion and demotion");
    want(true, R"(%ALLUSERSPROFILE%\Documents\DrWatson\drwtsn32.log)", kCrash,
         "each crash with its process");
    want(true, R"(%SystemRoot%\System32\LogFiles\HTTPERR)", kPool,
         "IIS 6 notes there which pool was not available, and when");
    want(!answers_.iwam.domain.empty(), "the account in Active Directory (net user … /domain)",
         kOfDirectory, "its state is not in this server's SAM");
  }

  // All files are there and still leave it open: they are of different days, or the logs too young.
  void fresh_copies() {
    want(answers_.copies.sam_read && answers_.copies.security_read,
         "SAM, SECURITY, SYSTEM and MetaBase.xml, copied anew at one moment", kCopies,
         "copies of different days, or that do not open, cannot be compared");
    for (const WeighedHypothesis& weighed : answers_.hypotheses) {
      const std::string& id = weighed.hypothesis.id;
      const bool known = std::ranges::any_of(answers_.wanted, [&](const WantedEvidence& wanted) {
        return std::ranges::find(wanted.decides, id) != wanted.decides.end();
      });
      const std::array<std::string_view, 1> only{id};
      want(!known, "older logs (archived .evt files, backups) and newer copies of the hives", only,
           "what the case has does not reach to the day of the change");
    }
  }

 private:
  void want_log(std::string_view log, std::string_view nt5_file,
                std::span<const std::string_view> causes, std::string_view why) {
    const LogSettings* settings = settings_of(case_, answers_, log);
    const Untrusted path = settings != nullptr && is_moved(*settings) ? settings->file
                           : is_nt6() ? say(R"(%SystemRoot%\System32\winevt\Logs\)", log, ".evtx")
                                      : say(R"(%SystemRoot%\System32\config\)", nt5_file);
    want(!has_log(case_, log), path, causes, why);
  }

  const Case& case_;
  Answers& answers_;
};

}  // namespace

void name_wanted_evidence(const Case& the_case, Answers& answers) {
  Wanting wanting(the_case, answers);
  wanting.traces_of_an_intruder();
  wanting.hives();
  wanting.metabase();
  wanting.logs();
  wanting.what_is_in_no_file();
  wanting.fresh_copies();
}

}  // namespace iwamtrace
