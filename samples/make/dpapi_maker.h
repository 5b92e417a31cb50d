// How Windows keeps its own keys, on the encrypting side: the secret DPAPI_SYSTEM, master key
// files, DPAPI blobs and the RSA containers of CryptoAPI. The inverse of what impacket, dpapick,
// mimikatz and hashcat publish. Nothing here is random: salts follow from what they protect.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "make/metabase_blobs.h"

namespace iwamtrace {

// 20 bytes each.
struct MadeDpapiSystem {
  std::string machine{}, user{};
};
std::string dpapi_system_secret(const MadeDpapiSystem& halves);

// The algorithms of a master key and of what is under it.
enum class DpapiForm : std::uint8_t {
  kTripleDesSha1,  // Windows XP to Vista and 2008
  kAes256Sha512,   // Windows 7 and later
};

struct MadeMasterKey {
  std::string guid{};  // "1b562e86-b7aa-4131-badc-b6f3a001407e"
  std::string key{};   // 64 bytes
  std::string half{};  // of DPAPI_SYSTEM, under which the file keeps it
  DpapiForm form = DpapiForm::kTripleDesSha1;
  std::uint32_t rounds = 4000;
};
std::string master_key_file(const MadeMasterKey& master);

// As CryptProtectData makes it.
std::string dpapi_blob(std::string_view cleartext, const MadeMasterKey& under,
                       std::string_view entropy = {});

// Signature and exchange key of the server that keeps the metabase.
struct MadeRsaContainer {
  std::string name = "Microsoft Internet Information Server";
  MetabaseMachine machine = MetabaseMachine::kFirst;
  MadeMasterKey under{};
};
std::string rsa_container_file(const MadeRsaContainer& container);
std::string rsa_container_file_name(std::string_view container, std::string_view machine_guid);

// CryptoAPI's forms of a key; the private one as it is before it is encrypted.
std::string rsa_public_key(const MetabaseRsaKey& key);
std::string rsa_private_key(const MetabaseRsaKey& key);

}  // namespace iwamtrace
