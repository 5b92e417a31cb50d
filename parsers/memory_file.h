// Bytes as a file that lies in memory alone, for libraries that insist on a path.
#pragma once

#include <functional>
#include <span>
#include <string>

#include "model/text.h"
#include "parsers/file_handle.h"

namespace iwamtrace {

// Filled once, then sealed: nobody can change it or cut it short any more.
class MemoryFile {
 public:
  using Room = std::span<std::byte>;

  // Throws std::system_error; a worker may make files up to its limit only.
  MemoryFile(std::size_t size, const std::function<void(Room)>& fill);
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;
  ~MemoryFile();

  [[nodiscard]] Bytes bytes() const { return {static_cast<const std::byte*>(bytes_), size_}; }
  [[nodiscard]] std::string path() const { return "/proc/self/fd/" + std::to_string(file_.get()); }

 private:
  std::size_t size_;
  FileHandle file_;
  void* bytes_ = nullptr;
};

}  // namespace iwamtrace
