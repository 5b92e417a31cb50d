#!/bin/bash
# Copies a sample's evidence and gives its files the times that version control does not keep:
# samples/restore.sh CASE FOLDER
set -euo pipefail
source="$(dirname "$0")/$1"
mkdir -p "$2"
cp -r "$source/evidence/." "$2/"
while read -r time file; do
  touch -d "$time" "$2/$file"
done <"$source/times"
