#include "make/hive_log_writer.h"

#include <gtest/gtest.h>
#include <stdexcept>

#include "make/bytes.h"
#include "tests/support/evidence.h"

namespace iwamtrace {
namespace {

using namespace std::string_literals;

// Two bins; the second state has another byte in the third sector and a bin more.
std::string before() {
  ByteWriter out;
  out.bytes("regf").u32(5).u32(4).u64(0x1D29627F1C8A860).u32(1).u32(3).u32(0).u32(1).u32(0x20);
  out.u32(0x2000).fill_to(508).u32(0).fill_to(0x1000).fill_to(0x3000, 'a');
  return out.take();
}
std::string after() {
  std::string hive = before();
  hive[0x1000 + 0x400] = 'b';
  return hive + std::string(0x1000, 'c');
}

TEST(HiveLogWriter, OldLogIsAMapOfSectorsAndThoseThatDiffer) {
  const std::string log = old_hive_log(before(), after());
  EXPECT_EQ(log.substr(4, 8), "\x05\0\0\0\x05\0\0\0"s);
  EXPECT_EQ(log.substr(28, 4), "\x01\0\0\0"s);
  EXPECT_EQ(log.substr(40, 4), "\0\x30\0\0"s);
  EXPECT_EQ(log.substr(512, 10), "DIRT\x04\0\xFF\0\0\0"s);
  ASSERT_EQ(log.size(), 1024U + 9 * 512);
  EXPECT_EQ(log.substr(1024, 2), "ba");
  EXPECT_EQ(log.substr(1536), std::string(0x1000, 'c'));
}

TEST(HiveLogWriter, NewLogHasAnEntryForEachStep) {
  const std::string log = new_hive_log({before(), after(), before()}, 7);
  EXPECT_EQ(log.substr(4, 8), "\x07\0\0\0\x07\0\0\0"s);
  EXPECT_EQ(log.substr(28, 4), "\x06\0\0\0"s);
  // 40 bytes of head, two references, nine sectors; rounded up
  EXPECT_EQ(log.substr(512, 24), "HvLE\0\x14\0\0\0\0\0\0\x07\0\0\0\0\x30\0\0\x02\0\0\0"s);
  EXPECT_EQ(log.substr(512 + 40, 16), "\0\x04\0\0\0\x02\0\0\0\x20\0\0\0\x10\0\0"s);
  EXPECT_EQ(log.substr(512 + 56, 2), "ba");
  EXPECT_EQ(log.substr(512 + 0x1400, 4), "HvLE");
  EXPECT_EQ(log.substr(512 + 0x1400 + 12, 4), "\x08\0\0\0"s);
  EXPECT_THROW(new_hive_log({before()}, 7), std::invalid_argument);
}

TEST(HiveLogWriter, HashIsTheOneInARealLog) {
  IWAMTRACE_NEEDS_DATA("hives/yarp/NewDirtyHive1/NewDirtyHive.LOG1");
  const std::string log =
      file_bytes(data_folder() / "hives/yarp/NewDirtyHive1/NewDirtyHive.LOG1").substr(512);
  const auto stored = [&](std::size_t at) {
    std::uint64_t value = 0;
    for (std::size_t i = 8; i-- > 0;) {
      value = value << 8 | static_cast<std::uint8_t>(log.at(at + i));
    }
    return value;
  };
  EXPECT_EQ(hive_log_hash(log.substr(0, 32)), stored(32));
  EXPECT_EQ(hive_log_hash(log.substr(40, 24064 - 40)), stored(24));
}

}  // namespace
}  // namespace iwamtrace
