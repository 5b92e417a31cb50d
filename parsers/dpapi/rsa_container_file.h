// The file in which CryptoAPI keeps a named pair or two of RSA keys:
// Crypto\RSA\MachineKeys\<hash of the name>_<MachineGuid>. Knows nothing of what the parts hold.
#pragma once

#include <optional>
#include <string>

#include "parsers/cursor.h"

namespace iwamtrace {

// A stretch of the file; empty where the container has none of its kind.
struct ContainerPart {
  std::size_t offset = 0, size = 0;

  // Reads on to the end of the part, its offsets counted in the file.
  [[nodiscard]] Cursor in(Bytes file) const { return Cursor(file.first(offset + size), offset); }
};

struct ContainerKeyPair {
  ContainerPart public_key, private_key, export_flags;
};

struct RsaContainerFile {
  std::string name;  // of the container: printable ASCII
  ContainerKeyPair signature, exchange;
  std::size_t end = 0;               // behind the last part that is there
  std::optional<ParseError> broken;  // the part that is not; those behind it are empty too
};

// By version, name and lengths; the file may be longer than `first_bytes`, or cut.
bool looks_like_rsa_container(Bytes first_bytes);

RsaContainerFile read_rsa_container_file(Bytes file);

}  // namespace iwamtrace
