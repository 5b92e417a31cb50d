#!/bin/bash
# Writes the samples anew, and what the program says of them: tests/cases/update.sh BUILD-FOLDER
# Read the diff like code before it is committed.
set -euo pipefail
build="$(realpath "$1")"
cd "$(dirname "$0")/../.."
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
"$build/samples/iwamtrace-samples" list | while read -r name documents; do
  rm -rf "samples/${name:?}"
  "$build/samples/iwamtrace-samples" write "$name" "samples/$name"
  samples/restore.sh "$name" "$work/$name"
  mkdir -p "samples/$name/expected"
  expected="$PWD/samples/$name/expected"
  if [ "$documents" = report ]; then
    (cd "$work" && COLUMNS=80 "$build/src/iwamtrace" analyze "$name") >"$expected/report.txt"
    continue
  fi
  for document in analyze:report accounts:accounts secrets:secrets metabase:metabase; do
    (cd "$work" && COLUMNS=80 "$build/src/iwamtrace" "${document%:*}" "$name") \
      >"$expected/${document#*:}.txt"
    (cd "$work" && "$build/src/iwamtrace" "${document%:*}" --json "$name") \
      >"$expected/${document#*:}.json"
  done
done
