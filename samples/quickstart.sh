#!/bin/bash
# From an empty Debian 12 to a first report: installs what is missing, builds a release, analyzes a
# sample case. As root or with sudo.
set -euo pipefail
cd "$(dirname "$0")/.."
.ci/install build
cmake -S . -B build/release -G Ninja -DCMAKE_BUILD_TYPE=Release -DIWAMTRACE_TESTS=OFF >/dev/null
cmake --build build/release >&2
case=${1:-password-reset}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
samples/restore.sh "$case" "$work/$case"
build/release/src/iwamtrace analyze "$work/$case"
