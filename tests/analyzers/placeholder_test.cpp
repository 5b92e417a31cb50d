#include <gtest/gtest.h>
TEST(Placeholder_analyzers, Compiles) {}
