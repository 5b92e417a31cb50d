#include <gtest/gtest.h>
TEST(Placeholder_cases, Compiles) {}
