#include "app/frames.h"

#include <cstring>

namespace iwamtrace {

bool FrameReader::next(Frame& frame) {
  const std::string_view rest = std::string_view{buffer_}.substr(at_);
  std::uint32_t size = 0;
  if (rest.size() < kFrameHead) {
    return false;
  }
  std::memcpy(&size, rest.data(), sizeof size);
  if (size == 0 || size > kLargestFrame) {
    throw WireError("a frame of " + std::to_string(size) + " bytes");
  }
  if (rest.size() - kFrameHead < size) {
    return false;
  }
  const auto type = static_cast<std::uint8_t>(rest[kFrameHead]);
  if (type >= kFrameTypes) {
    throw WireError("a frame of type " + std::to_string(type));
  }
  frame = {static_cast<FrameType>(type), rest.substr(kFrameHead + 1, size - 1)};
  at_ += kFrameHead + size;
  return true;
}

void FrameReader::compact() {
  buffer_.erase(0, at_);
  at_ = 0;
}

}  // namespace iwamtrace
