#include "app/intake.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <dirent.h>
#include <fcntl.h>
#include <memory>
#include <set>
#include <sys/mman.h>
#include <sys/stat.h>
#include <system_error>
#include <utility>

#include "app/interrupt.h"
#include "parsers/crypto.h"
#include "parsers/file_handle.h"

namespace iwamtrace {
namespace {

// Deeper trees are made by loops that even device and inode numbers do not betray.
constexpr unsigned kDeepestFolder = 64;

FileIdentity identity_of(const struct stat& status) {
  const auto nanoseconds = [](const timespec& time) {
    return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
  };
  return {status.st_dev, status.st_ino, static_cast<std::uint64_t>(status.st_size),
          nanoseconds(status.st_mtim), nanoseconds(status.st_ctim)};
}

Timestamp timestamp_of(const timespec& time) {
  return Timestamp{Timestamp::from_unix(time.tv_sec).ticks + time.tv_nsec / 100};
}

// Never waits (a FIFO would), never follows a link, leaves the access time alone where it may.
FileHandle open_evidence(const std::string& path, bool follow) {
  const int flags = O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY | (follow ? 0 : O_NOFOLLOW);
  int fd = open(path.c_str(), flags | O_NOATIME);
  if (fd < 0 && errno == EPERM) {  // only a file's owner may ask for O_NOATIME
    fd = open(path.c_str(), flags);
  }
  return FileHandle(fd);
}

class Intake {
 public:
  explicit Intake(const IntakeOptions& options) : options_(options) {}

  Evidence run() {
    for (const std::string& input : options_.inputs) {
      const std::string label = options_.inputs.size() == 1 ? "" : input;
      struct stat status {};
      if (stat(input.c_str(), &status) != 0) {
        report(input, input, SourceStatus::kUnreadable, std::strerror(errno));
      } else if (S_ISDIR(status.st_mode)) {
        walk(input, label, 0);
      } else {
        take(input, label.empty() ? base_name(input) : label, true);
      }
    }
    return number(std::move(found_));
  }

 private:
  struct Found {
    Source source;
    EvidenceFile file;
    std::string label;
  };

  static std::string base_name(const std::string& path) {
    const std::size_t slash = path.find_last_of('/');
    return slash == std::string::npos ? path : path.substr(slash + 1);
  }
  static std::string join(const std::string& folder, const std::string& name) {
    return folder.empty() || folder.ends_with('/') ? folder + name : folder + "/" + name;
  }

  void walk(const std::string& folder, const std::string& label, unsigned depth) {
    const std::unique_ptr<DIR, int (*)(DIR*)> open(opendir(folder.c_str()), closedir);
    if (open == nullptr) {
      report(folder, label, SourceStatus::kUnreadable, std::strerror(errno));
      return;
    }
    struct stat status {};
    if (fstat(dirfd(open.get()), &status) != 0 ||
        !seen_.insert({status.st_dev, status.st_ino}).second) {
      report(folder, label, SourceStatus::kIgnored, "a folder that has been walked already");
      return;
    }
    if (depth == kDeepestFolder) {
      report(folder, label, SourceStatus::kUnreadable, "folders nested too deep");
      return;
    }
    std::vector<std::string> names;
    while (const dirent* entry = readdir(open.get())) {
      if (std::strcmp(entry->d_name, ".") != 0 && std::strcmp(entry->d_name, "..") != 0) {
        names.emplace_back(entry->d_name);
      }
    }
    std::ranges::sort(names);
    for (const std::string& name : names) {
      const std::string path = join(folder, name);
      const std::string inner = join(label, name);
      if (lstat(path.c_str(), &status) != 0) {
        report(path, inner, SourceStatus::kUnreadable, std::strerror(errno));
      } else if (S_ISDIR(status.st_mode)) {
        walk(path, inner, depth + 1);
      } else {
        take(path, inner, false);
      }
    }
  }

  void take(const std::string& path, const std::string& label, bool follow) {
    const FileHandle file = open_evidence(path, follow);
    struct stat status {};
    if (!file) {
      const bool link = errno == ELOOP;
      report(path, label, link ? SourceStatus::kIgnored : SourceStatus::kUnreadable,
             link ? "a symbolic link, not followed" : std::strerror(errno));
      return;
    }
    if (fstat(file.get(), &status) != 0 || !S_ISREG(status.st_mode)) {
      report(path, label, SourceStatus::kIgnored, "not a regular file");
      return;
    }
    if (!seen_.insert({status.st_dev, status.st_ino}).second) {
      report(path, label, SourceStatus::kIgnored, "the same file as one listed before");
      return;
    }
    if (options_.progress) {
      options_.progress(found_.size(), path);
    }
    Found found = describe(path, label);
    found.source.size = static_cast<std::uint64_t>(status.st_size);
    found.source.modified = timestamp_of(status.st_mtim);
    found.file.identity = identity_of(status);
    if (read(file.get(), found)) {
      recognise(found);
    }
    found_.push_back(std::move(found));
  }

  // Hashes the whole file and keeps its first bytes. False when it cannot be read to its end.
  bool read(int file, Found& found) {
    constexpr std::size_t kBuffer = std::size_t{1} << 20;
    buffer_.resize(kBuffer);
    first_.clear();
    Sha256 hash;
    while (true) {
      stop_if_interrupted();
      const ssize_t size = ::read(file, buffer_.data(), buffer_.size());
      if (size < 0 && errno == EINTR) {
        continue;
      }
      if (size < 0) {
        found.source.status = SourceStatus::kUnreadable;
        found.source.damage.push_back(
            Damage{{}, 0, found.source.size, say("reading fails: ", std::strerror(errno)), true});
        return false;
      }
      if (size == 0) {
        break;
      }
      const Bytes bytes = Bytes{buffer_}.first(static_cast<std::size_t>(size));
      hash.add(bytes);
      if (first_.size() < kFirstBytes) {
        const std::size_t taken = std::min(kFirstBytes - first_.size(), bytes.size());
        first_.insert(first_.end(), bytes.begin(),
                      bytes.begin() + static_cast<std::ptrdiff_t>(taken));
      }
    }
    found.source.sha256 = hash.hex_digest();
    return true;
  }

  // Nothing in it is read, so the name may tell: no other sign of it is known.
  static bool is_binary_metabase(const Found& found) {
    const std::string_view path{found.file.path};
    const std::string_view name = path.substr(path.find_last_of('/') + 1);
    return found.source.size != 0 && equal_ignoring_case(name, "MetaBase.bin");
  }

  void recognise(Found& found) const {
    const Parser* parser = parser_for(first_);
    if (parser == nullptr) {
      if (is_binary_metabase(found)) {
        found.source.kind = SourceKind::kMetabaseBin;
        found.source.note =
            say("the binary metabase of IIS 5, whose form nobody has published; on the server "
                "\"adsutil.vbs ENUM_ALL\" prints what it holds");
      } else {
        found.source.note = found.source.size == 0 ? say("empty") : say("not recognised");
      }
      return;
    }
    found.source.kind = parser->kind;
    if (parser->reads == Parser::Reads::kNever) {
      found.source.note = say("recognised; nothing in it is needed");
    } else {
      found.file.parser = parser;
      found.source.status = SourceStatus::kRead;
    }
  }

  static Found describe(const std::string& path, const std::string& label) {
    Found found;
    found.label = label;
    found.file.path = path;
    found.source.path = Untrusted{label};
    bool valid = true;
    for (std::string_view rest = label; valid && !rest.empty();) {
      const std::size_t size = utf8_sequence(rest);
      valid = size != 0;
      rest.remove_prefix(size);
    }
    if (!valid) {
      found.source.path_hex = hex(as_bytes(label));
    }
    return found;
  }

  void report(const std::string& path, const std::string& label, SourceStatus status,
              const char* why) {
    Found found = describe(path, label.empty() ? path : label);
    found.source.status = status;
    found.source.note = say(why);
    if (status == SourceStatus::kUnreadable) {
      found.source.damage.push_back(Damage{{}, 0, 0, say(why), true});
    }
    found_.push_back(std::move(found));
  }

  static Evidence number(std::vector<Found> found) {
    std::ranges::stable_sort(found, {}, &Found::label);
    Evidence evidence;
    for (Found& item : found) {
      const SourceId id{static_cast<std::uint32_t>(evidence.sources.size())};
      item.source.id = id;
      for (Damage& damage : item.source.damage) {
        damage.source = id;
      }
      evidence.sources.push_back(std::move(item.source));
      evidence.files.push_back(std::move(item.file));
    }
    return evidence;
  }

  const IntakeOptions& options_;
  std::vector<Found> found_;
  std::set<std::pair<dev_t, ino_t>> seen_;
  std::vector<std::byte> buffer_, first_;
};

void read_stretch(int file, std::size_t begin, std::size_t end, MemoryFile::Room room) {
  while (begin < end) {
    const ssize_t got = pread(file, room.data() + begin, end - begin, static_cast<off_t>(begin));
    if (got <= 0) {
      throw std::system_error(got == 0 ? EIO : errno, std::generic_category(), "reading");
    }
    begin += static_cast<std::size_t>(got);
  }
}

// Holes stay holes: a sparse file of many gigabytes takes no more memory than disk.
void read_all_of(int file, MemoryFile::Room room) {
  for (std::size_t at = 0; at < room.size();) {
    off_t data = lseek(file, static_cast<off_t>(at), SEEK_DATA);
    if (data < 0 && errno == ENXIO) {  // nothing but a hole follows
      return;
    }
    data = data < 0 ? static_cast<off_t>(at) : data;  // the file system knows of no holes
    const off_t hole = lseek(file, data, SEEK_HOLE);
    const std::size_t end =
        hole < 0 ? room.size() : std::min(static_cast<std::size_t>(hole), room.size());
    read_stretch(file, static_cast<std::size_t>(data), end, room);
    at = std::max(end, static_cast<std::size_t>(data) + 1);
  }
}

}  // namespace

Evidence take_in(const IntakeOptions& options) { return Intake(options).run(); }

bool anything_recognised(const Evidence& evidence) {
  return std::ranges::any_of(evidence.files,
                             [](const EvidenceFile& file) { return file.parser != nullptr; });
}

EvidenceBytes::EvidenceBytes(const EvidenceFile& file, bool needs_path) {
  const FileHandle open = open_evidence(file.path, true);
  struct stat status {};
  if (!open || fstat(open.get(), &status) != 0) {
    throw std::system_error(errno, std::generic_category(), "opening");
  }
  if (identity_of(status) != file.identity) {
    throw std::system_error(ESTALE, std::generic_category(),
                            "the file changed after it was hashed");
  }
  size_ = static_cast<std::size_t>(file.identity.size);
  if (needs_path) {
    copy_.emplace(size_, [&](MemoryFile::Room room) { read_all_of(open.get(), room); });
    return;
  }
  mapped_ = mmap(nullptr, size_, PROT_READ, MAP_PRIVATE, open.get(), 0);
  if (mapped_ == MAP_FAILED) {
    throw std::system_error(errno, std::generic_category(), "mapping");
  }
}

EvidenceBytes::~EvidenceBytes() {
  if (!copy_) {
    munmap(mapped_, size_);
  }
}

OpenSource EvidenceBytes::open_as(SourceId id) const {
  if (copy_) {
    return {id, copy_->bytes(), copy_->path()};
  }
  return {id, Bytes{static_cast<const std::byte*>(mapped_), size_}, {}};
}

}  // namespace iwamtrace
