#!/bin/bash
# Builds a release and runs the benchmark: tests/bench/run.sh [FOLDER [MB]]. The machine should be
# quiet; the ratios are what counts.
set -euo pipefail
cd "$(dirname "$0")/../.."
.ci/install build test
cmake -S . -B build/bench -G Ninja -DCMAKE_BUILD_TYPE=Release >/dev/null
cmake --build build/bench --target iwamtrace_bench >&2
build/bench/tests/iwamtrace_bench "$@"
