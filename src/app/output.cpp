#include "app/output.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <utility>

#include "app/options.h"

namespace iwamtrace {
namespace {

[[noreturn]] void fail(const std::string& path, const char* what) {
  throw OutputError(path + ": " + what + ": " + std::strerror(errno));
}

std::string folder_of(const std::string& path) {
  const std::size_t slash = path.find_last_of('/');
  return slash == std::string::npos ? "." : slash == 0 ? "/" : path.substr(0, slash);
}

}  // namespace

Output::Output(std::string path, bool force) : path_(std::move(path)) {
  if (is_stdout()) {
    return;
  }
  struct stat status {};
  const bool exists = lstat(path_.c_str(), &status) == 0;
  if (exists && S_ISREG(status.st_mode) && !force) {
    throw UsageError(path_ + ": it exists; --force overwrites it");
  }
  struct stat target {};
  const bool special = stat(path_.c_str(), &target) == 0 && !S_ISREG(target.st_mode);
  if (special) {  // /dev/full, /dev/stdout, a FIFO: there is nothing to rename to
    file_ = FileHandle(open(path_.c_str(), O_WRONLY | O_CLOEXEC | O_NOCTTY));
    if (!file_) {
      fail(path_, "cannot open");
    }
    return;
  }
  temporary_ = path_ + ".tmp-" + std::to_string(getpid());
  constexpr mode_t kPrivate = 0600;  // fingerprints allow guesses to be tested
  file_ = FileHandle(
      open(temporary_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, kPrivate));
  if (!file_) {
    const std::string name = std::exchange(temporary_, {});
    fail(name, "cannot create");
  }
}

Output::~Output() {
  if (!temporary_.empty()) {
    unlink(temporary_.c_str());
  }
}

void Output::write(std::string_view text) {
  const int fd = is_stdout() ? STDOUT_FILENO : file_.get();
  while (!text.empty()) {
    const ssize_t written = ::write(fd, text.data(), text.size());
    if (written < 0 && errno == EINTR) {
      continue;
    }
    if (written < 0 && errno == EPIPE && is_stdout()) {
      throw ReaderGone();
    }
    if (written <= 0) {
      fail(is_stdout() ? "standard output" : path_, "cannot write");
    }
    text.remove_prefix(static_cast<std::size_t>(written));
  }
}

void Output::finish() {
  if (temporary_.empty()) {
    return;
  }
  if (fsync(file_.get()) != 0) {
    fail(path_, "cannot write");
  }
  if (rename(temporary_.c_str(), path_.c_str()) != 0) {
    fail(path_, "cannot rename to it");
  }
  temporary_.clear();
  const FileHandle folder(open(folder_of(path_).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (folder) {
    fsync(folder.get());
  }
}

}  // namespace iwamtrace
