#!/usr/bin/env bash
# Prints a version's section of CHANGELOG.md, which is the text of its release.
set -euo pipefail

version=${1#v}
[[ $version =~ ^[0-9]+\.[0-9]+\.[0-9]+$ ]] || { echo "$1 is not a tag vYEAR.MONTH.N." >&2; exit 1; }
notes=$(awk -v version="$version" '$1 == "##" {found = $2 == version; next} found' CHANGELOG.md)
if [[ -z ${notes//[[:space:]]/} ]]; then
  echo "CHANGELOG.md has no section $version." >&2
  exit 1
fi
echo "$notes"
