// A web server as it might have run: what happens to it happens to its accounts, secrets, metabase
// and logs alike, so that the evidence of a made case agrees with itself as that of a real one
// does. The story gives the times.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "make/evt_writer.h"
#include "make/evtx_writer.h"
#include "make/metabase_writer.h"
#include "make/sam_hive.h"
#include "make/security_hive.h"

namespace iwamtrace {

enum class MadeWindows : std::uint8_t {
  kServer2003,  // IIS 6, .evt logs, RC4 in SAM
  kServer2008,  // hives and .evtx of NT6; no Windows of that age ships IWAM
};

struct MadeServerSetup {
  std::string name = "SHOP1";
  MadeWindows windows = MadeWindows::kServer2003;
  Timestamp installed{};
  std::string iwam_password = "Kq7!rT2#mX9&pa";
  std::optional<bool> iis5_isolation_mode{};  // nothing: as after an upgrade from IIS 5
  std::uint16_t password_history = 5;         // that the SAM remembers
  bool key_files = false;                     // what opens the metabase's session key
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

  // ---- what else stands in logs ----
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
  [[nodiscard]] Sid sid_of(const Account& account) const;
  Account& account(std::string_view name);
  void log_logon(Timestamp time, const MadeSession& session, std::uint32_t type,
                 std::string_view process, std::string_view workstation, std::string_view address);
  void log_refused_logon(Timestamp time, std::string_view user, std::uint32_t type);
  void log_password_set(Timestamp time, const Account& target, const MadeSession& by);
  void add_hives(std::vector<MadeFile>& files, Timestamp copied) const;
  void add_key_files(std::vector<MadeFile>& files) const;
  [[nodiscard]] MadeMetabase metabase_now() const;

  MadeServerSetup setup_;
  std::string iwam_;
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
  std::optional<Timestamp> last_dcom_failure_;

  EvtWriter system_evt_, security_evt_;
  EvtxWriter system_evtx_, security_evtx_;
};

}  // namespace iwamtrace
