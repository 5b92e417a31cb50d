// What libevt and libevtx have in common. Both give text in two calls: its size, then its bytes.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

namespace iwamtrace {

// A library object that is freed when it goes.
template <typename Object, typename Error, int (*Free)(Object**, Error**)>
class LibyalHandle {
 public:
  LibyalHandle() = default;
  LibyalHandle(const LibyalHandle&) = delete;
  LibyalHandle& operator=(const LibyalHandle&) = delete;
  ~LibyalHandle() {
    if (object_ != nullptr) {
      Free(&object_, nullptr);
    }
  }
  [[nodiscard]] Object* get() const { return object_; }
  Object** slot() { return &object_; }

 private:
  Object* object_ = nullptr;
};

// Nothing where the library has no text or fails at it. `size` and `fill` are its two calls.
template <typename Size, typename Fill>
std::optional<std::string> libyal_text(Size size, Fill fill) {
  std::size_t length = 0;
  if (size(&length) != 1 || length == 0) {
    return std::nullopt;
  }
  std::string text(length, '\0');
  if (fill(reinterpret_cast<std::uint8_t*>(text.data()), length) != 1) {
    return std::nullopt;
  }
  text.resize(length - 1);  // its NUL
  return text;
}

}  // namespace iwamtrace
