#include "parsers/memory_file.h"

#include <cerrno>
#include <fcntl.h>
#include <memory>
#include <sys/mman.h>
#include <system_error>
#include <unistd.h>

namespace iwamtrace {
namespace {

[[noreturn]] void fail(const char* what) {
  throw std::system_error(errno, std::generic_category(), what);
}

void* map(const FileHandle& file, std::size_t size, int protection, int sharing) {
  void* bytes = mmap(nullptr, size, protection, sharing, file.get(), 0);
  if (bytes == MAP_FAILED) {
    fail("mapping a file in memory");
  }
  return bytes;
}

}  // namespace

MemoryFile::MemoryFile(std::size_t size, const std::function<void(Room)>& fill)
    : size_(size), file_(memfd_create("evidence", MFD_CLOEXEC | MFD_ALLOW_SEALING)) {
  if (!file_ || ftruncate(file_.get(), static_cast<off_t>(size)) != 0) {
    fail("making a file in memory");
  }
  {
    const auto unmap = [size](std::byte* room) { munmap(room, size); };
    const std::unique_ptr<std::byte, decltype(unmap)> room(
        static_cast<std::byte*>(map(file_, size, PROT_READ | PROT_WRITE, MAP_SHARED)), unmap);
    fill({room.get(), size});
  }
  fcntl(file_.get(), F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL);
  bytes_ = map(file_, size, PROT_READ, MAP_PRIVATE);  // before Linux 6.7 a seal forbids sharing
}

MemoryFile::~MemoryFile() { munmap(bytes_, size_); }

}  // namespace iwamtrace
