#include "make/bytes.h"

#include <fstream>
#include <gtest/gtest.h>
#include <sstream>
#include <stdexcept>

#include "tests/support/outside_tool.h"

namespace iwamtrace {
namespace {

std::string hex_of(std::string_view bytes) { return hex(as_bytes(bytes)); }

TEST(SampleBytes, NumbersAreLittleEndianAndMustFit) {
  ByteWriter out;
  out.u8(0x01).u16(0x0203).u32(0x04050607).u64(0x08090A0B0C0D0E0F);
  EXPECT_EQ(hex_of(out.view()), "010302070605040f0e0d0c0b0a0908");
  EXPECT_THROW(out.u8(0x100), std::out_of_range);
  EXPECT_THROW(out.u16(0x10000), std::out_of_range);
  EXPECT_THROW(out.u32(0x100000000), std::out_of_range);
}

TEST(SampleBytes, PatchesReachOnlyWhatHasBeenWritten) {
  ByteWriter out;
  out.u32(0).u32(0);
  out.patch_u16(2, 0xABCD);
  out.patch_u32(4, 0x01020304);
  EXPECT_EQ(hex_of(out.view()), "0000cdab04030201");
  EXPECT_THROW(out.patch_u32(5, 1), std::out_of_range);
}

TEST(SampleBytes, PaddingReachesAMultipleAndFillingASize) {
  ByteWriter out;
  out.bytes("abc").pad_to(4).pad_to(4).fill_to(6, '.').fill_to(2);
  EXPECT_EQ(out.view(), std::string_view("abc\0..", 6));
  EXPECT_EQ(out.take().size(), 6U);
  EXPECT_EQ(out.size(), 0U);
}

TEST(SampleBytes, TextBecomesUtf16WithItsSurrogates) {
  EXPECT_EQ(hex_of(utf16_bytes("A\xC3\xBC")), "4100fc00");
  EXPECT_EQ(hex_of(utf16_bytes("\xF0\x9F\x98\x80")), "3dd800de");
  EXPECT_EQ(hex_of(utf16_bytes("\xED\xA0\xBD")), "3dd8");  // WTF-8: a high surrogate alone
  EXPECT_EQ(hex_of(ByteWriter().utf16_z("A").view()), "41000000");
}

TEST(SampleBytes, SidHasItsAuthorityInBigEndian) {
  const Sid sid = Sid::from_text("S-1-5-21-1-2-1003").value();
  EXPECT_EQ(hex_of(sid_bytes(sid)), "0104000000000005150000000100000002000000eb030000");
}

TEST(SampleBytes, GuidHasItsFirstThreeNumbersInLittleEndian) {
  const std::string bytes = "8e862e1baab73141badcb6f3a001407e";
  EXPECT_EQ(hex_of(guid_bytes("{1B2E868E-B7AA-4131-BADC-B6F3A001407E}")), bytes);
  EXPECT_EQ(hex_of(guid_bytes("1b2e868e-b7aa-4131-badc-b6f3a001407e")), bytes);
  EXPECT_THROW(guid_bytes("1b2e868eb7aa4131badcb6f3a001407e"), std::invalid_argument);
  EXPECT_THROW(guid_bytes("1b2e868e-b7aa-4131-badc-b6f3a001407x"), std::invalid_argument);
  EXPECT_THROW(guid_bytes(""), std::invalid_argument);
}

TEST(SampleBytes, FiletimeCountsFrom1601) {
  EXPECT_EQ(filetime_of(Timestamp::from_unix(0)), 116444736000000000U);
}

TEST(SampleBytes, CrcIsTheOneOfIso3309) {
  EXPECT_EQ(crc32_of("123456789"), 0xCBF43926U);
  EXPECT_EQ(crc32_of("6789", crc32_of("12345")), 0xCBF43926U);
  EXPECT_EQ(crc32_of(""), 0U);
}

TEST(SampleBytes, FileHoldsWhatWasWritten) {
  const TemporaryFile file("bytes", "longer than what follows");
  write_bytes(file.path(), std::string_view("a\0b", 3));
  std::ostringstream read;
  read << std::ifstream(file.path(), std::ios::binary).rdbuf();
  EXPECT_EQ(read.str(), std::string_view("a\0b", 3));
  EXPECT_THROW(write_bytes(file.path() / "below a file", "x"), std::runtime_error);
}

}  // namespace
}  // namespace iwamtrace
