// The frames of a worker's pipe: u32 length of what follows, u8 type, content.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "app/wire.h"

namespace iwamtrace {

enum class FrameType : std::uint8_t {
  kStage,  // source, text: what the worker is about to do
  kEvent,
  kArtefact,
  kDamage,
  kSummary,
  kCrossCheck,
  kFailed,  // text: the exception that ended the worker
  kDone,    // the last frame of a worker that came to its end
};
inline constexpr std::size_t kFrameTypes = 8;

// No record of any log comes near it, only the metabase of a large hoster; a length above it is the
// mark of a worker gone wild.
inline constexpr std::uint32_t kLargestFrame = 16U << 20;
inline constexpr std::size_t kFrameHead = 4;

struct Frame {
  FrameType type{};
  std::string_view content;
};

// Cuts a byte stream into frames.
class FrameReader {
 public:
  void add(std::string_view bytes) { buffer_ += bytes; }
  // The next whole frame; its content lives until the next call of add(). False when there is none
  // yet. Throws WireError on a length or type that no sound worker writes.
  bool next(Frame& frame);
  // Bytes of a frame whose end has not come.
  [[nodiscard]] bool torn() const { return at_ != buffer_.size(); }
  // Drops what has been read.
  void compact();

 private:
  std::string buffer_;
  std::size_t at_ = 0;
};

}  // namespace iwamtrace
