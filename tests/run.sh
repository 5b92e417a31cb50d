#!/bin/bash
# Installs what the tests need, builds everything, runs all of them. As root or with sudo. Arguments
# go to ctest.
set -euo pipefail
cd "$(dirname "$0")/.."
.ci/install build test
cmake -S . -B build/test -G Ninja -DCMAKE_BUILD_TYPE=RelWithDebInfo -DIWAMTRACE_WERROR=ON >/dev/null
cmake --build build/test
ctest --test-dir build/test --output-on-failure -j "$(nproc)" "$@"
