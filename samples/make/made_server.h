// A web server as it might have run: what happens to it happens to its accounts, secrets, metabase
// and logs alike, so that the evidence of a made case agrees with itself as that of a real one
// does. The story gives the times.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "make/evt_writer.h"
#include "make/evtx_writer.h"
#include "make/metabase_writer.h"
#include "make/sam_hive.h"
#include "make/security_hive.h"
#include "make/system_hive.h"

namespace iwamtrace {

enum class MadeWindows : std::uint8_t {
  k2000Server,  // IIS 5, whose metabase is no text; short layouts of security events
  kServer2003,  // IIS 6, .evt logs, RC4 in SAM
  kServer2008,  // hives and .evtx of NT6; no Windows of that age ships IWAM
};

struct MadeServerSetup {
  std::string name = "SHOP1";
  MadeWindows windows = MadeWindows::kServer2003;
  Timestamp installed{};
  std::string iwam_password = "Kq7!rT2#mX9&pa";
  std::string service_pack = "Service Pack 1";  // of Windows Server 2003
  // Nothing: as after an upgrade from IIS 5. False: worker processes, and no IWAM.
  std::optional<bool> iis5_isolation_mode{};
  std::uint16_t password_history = 5;   // that the SAM remembers
  bool key_files = false;               // what opens the metabase's session key
  std::uint16_t lockout_threshold = 0;  // bad passwords; 0: none locks
  std::int64_t lockout_duration = 1800 * Timestamp::kTicksPerSecond;
};

// Somebody who has logged on.
struct MadeSession {
  std::string user, domain;
  Sid sid{};
  std::uint64_t logon_id = 0;
};

// A file of the case: its bytes, and the time that it had on the server.
struct MadeFile {
  std::string path, bytes;
  Timestamp modified{};
};

class MadeServer {
 public:
  explicit MadeServer(const MadeServerSetup& setup);

  [[nodiscard]] const std::string& name() const { return setup_.name; }
  [[nodiscard]] const std::string& iwam() const { return iwam_; }
  [[nodiscard]] static MadeSession system();

  // ---- what happens ----
  void boot(Timestamp time);
  void shut_down(Timestamp time);
  void add_user(Timestamp time, std::string_view name, std::string_view password);
  MadeSession log_on(Timestamp time, std::string_view user, std::uint32_t type,
                     std::string_view workstation, std::string_view address);
  void log_off(Timestamp time, const MadeSession& session);
  void set_password(Timestamp time, std::string_view name, std::string_view password,
                    const MadeSession& by);
  // As synciwam.vbs does: COM+ takes over what the metabase has.
  void synchronise_com_plus(Timestamp time);
  // As adsutil.vbs does: the metabase's copy changes, and IIS saves it a minute later.
  void set_metabase_password(Timestamp time, std::string_view password);
  void save_metabase(Timestamp time);
  // A request for a page of a pooled application whose process does not run yet: DCOM logs the
  // account on with COM+'s password, and the SAM says whether that is right.
  void start_pooled_application(Timestamp time, std::string_view path);
  // W3SVC refuses the application before DCOM is asked: its own copy is wrong.
  void refuse_application(Timestamp time, std::string_view path);
  void service_state(Timestamp time, std::string_view service, std::string_view state);

  // ---- what else may be done to it; `by` is whom the logs name (made_server_changes.cpp) ----
  // "Log on as a batch job" is taken from the account itself, or from its group IIS_WPG.
  void take_batch_right(Timestamp time, bool of_group, const MadeSession& by);
  void disable(Timestamp time, std::string_view name, const MadeSession& by);
  // Bad passwords from the network; with the last one the account is locked, if the policy locks.
  void guess_passwords(Timestamp time, std::string_view name, int count,
                       std::string_view workstation, std::string_view address);
  void unlock(Timestamp time, std::string_view name);  // by the policy's time
  void let_password_expire(Timestamp time, std::string_view name, const MadeSession& by);
  void take_out_of_users(Timestamp time, const Sid& member, const MadeSession& by);
  void put_into_users(Timestamp time, const Sid& member, const MadeSession& by);
  // As the console of services does; the record's head names who.
  void set_service_start(Timestamp time, std::string_view name, std::uint32_t start,
                         const MadeSession& by);
  void remove_service(std::string_view name);
  void close_launch_permission();  // of the pooled applications: for Guests alone
  void close_files();              // dllhost.exe is started, and may not read what it needs
  // COM+ gets a password, or an account, that nobody else knows of.
  void edit_com_plus(Timestamp time, std::string_view password);
  // IIS 5.0 and 6.0 give their accounts the metabase's password when they start.
  void resynchronise(Timestamp time);
  void make_account_anew(Timestamp time, std::string_view password);
  void rename(Timestamp time, std::string_view name);
  void set_protection(Timestamp time, std::string_view application, std::uint32_t isolated);
  void name_other_account(Timestamp time, std::string_view account);  // in the metabase

  // ---- what intruders do, and who looks like them; NT5 (made_server_intrusions.cpp) ----
  [[nodiscard]] MadeSession machine() const;  // the system, as audits of accounts name it
  void start_process(Timestamp time, std::uint32_t process, std::string_view image,
                     std::uint32_t parent, const MadeSession& by);
  void create_user(Timestamp time, std::string_view name, std::string_view password,
                   const MadeSession& by);
  void make_administrator(Timestamp time, std::string_view name, const MadeSession& by);
  void clear_security_log(Timestamp time, const MadeSession& by);
  void set_audit_policy(Timestamp time, bool audits, const MadeSession& by);
  void install_service(Timestamp time, std::string_view name, std::string_view image,
                       const MadeSession& by);
  void sql_message(Timestamp time, std::string_view text);
  // A folder of the web site; `flags` as MetaBase.xml has them.
  void publish(Timestamp time, std::string_view location, std::string_view path,
               std::string_view flags);

  // ---- what else stands in logs ----
  void application_event(Timestamp time, std::string_view source, std::uint32_t event_id,
                         std::uint16_t type, std::vector<std::string> strings);
  void system_event(Timestamp time, std::string_view source, std::uint32_t event_id,
                    std::uint16_t type, std::vector<std::string> strings,
                    std::optional<Sid> user = {});
  void security_event(Timestamp time, std::uint16_t nt5_id, std::uint16_t nt6_id, bool success,
                      std::vector<std::string> nt5_strings, EvtxEventData nt6_data);

  // Copies everything at that time, as a responder would.
  [[nodiscard]] std::vector<MadeFile> files(Timestamp copied) const;

 private:
  struct Account {
    MadeUser user;
    std::vector<std::string> passwords;  // newest first
  };

  [[nodiscard]] bool nt6() const { return setup_.windows == MadeWindows::kServer2008; }
  [[nodiscard]] bool is_2000() const { return setup_.windows == MadeWindows::k2000Server; }
  [[nodiscard]] bool may_log_on_as_batch() const { return batch_right_ || group_batch_right_; }
  [[nodiscard]] bool has_service(std::string_view name) const;
  [[nodiscard]] Sid sid_of(const Account& account) const;
  Account& account(std::string_view name);
  void log_logon(Timestamp time, const MadeSession& session, std::uint32_t type,
                 std::string_view process, std::string_view workstation, std::string_view address);
  // Why Windows refuses a logon: DCOM's Win32 code, the event of NT5, the status of NT6.
  struct Refusal {
    std::uint32_t win32 = 0;
    std::uint16_t nt5_id = 0;
    std::uint32_t status = 0, sub_status = 0;
    std::string_view reason;  // of NT6: "%%2313"
  };
  [[nodiscard]] std::optional<Refusal> refusal_of_start(Timestamp time);
  void log_refused_logon(Timestamp time, std::string_view user, std::uint32_t type,
                         const Refusal& why, std::string_view workstation,
                         std::string_view address);
  void refuse(Timestamp time, std::string_view path, std::string_view words);
  // Once a day, as DCOM of Windows Server 2003 writes one and the same event.
  void dcom_event(Timestamp time, std::uint32_t event_id, std::vector<std::string> strings);
  // Of a change of an account, a group or a right: the same fields with the caller behind them.
  void log_change(Timestamp time, std::uint16_t nt5_id, std::uint16_t nt6_id,
                  std::vector<std::string> nt5_strings, EvtxEventData nt6_data,
                  const MadeSession& by, bool caller_first = false);
  void log_users(Timestamp time, std::uint16_t nt5_id, std::uint16_t nt6_id, const Sid& member,
                 const MadeSession& by);
  void log_password_set(Timestamp time, const Account& target, const MadeSession& by);
  void add_hives(std::vector<MadeFile>& files, Timestamp copied) const;
  void add_key_files(std::vector<MadeFile>& files) const;
  [[nodiscard]] std::string printed_metabase() const;
  [[nodiscard]] MadeMetabase metabase_now() const;

  MadeServerSetup setup_;
  std::string first_name_, iwam_;  // of the computer when IIS was set up
  Sid machine_sid_{};
  std::vector<Account> accounts_;
  std::uint32_t next_rid_ = 1000;
  std::uint64_t next_logon_id_ = 0x11000;
  // COM+'s secret, as LSA keeps it.
  std::string com_plus_password_, com_plus_before_;
  Timestamp com_plus_set_{}, com_plus_set_before_{};
  // The metabase in memory, and every version on disk.
  std::string metabase_password_;
  std::uint32_t metabase_major_ = 12;
  struct SavedMetabase {
    MadeMetabase metabase;
    Timestamp saved{};
  };
  std::vector<SavedMetabase> saved_;
  std::map<std::uint32_t, Timestamp> last_dcom_events_;

  std::vector<MadeService> services_;
  std::vector<Sid> users_members_, administrators_;  // of these besides the usual ones
  bool audits_ = true;
  bool tracks_processes_ = false;
  struct Folder {
    std::string location, path, flags;
  };
  std::vector<Folder> folders_;
  bool batch_right_ = true, group_batch_right_ = true;
  bool launch_closed_ = false, files_closed_ = false;
  std::string metabase_account_;
  std::vector<MadeWebApplication> applications_;

  EvtWriter system_evt_, security_evt_, application_evt_;
  bool has_application_log_ = false;
  EvtxWriter system_evtx_, security_evtx_;
};

}  // namespace iwamtrace
