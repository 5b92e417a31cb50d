#include <gtest/gtest.h>
TEST(Placeholder_report, Compiles) {}
