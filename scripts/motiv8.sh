#!/usr/bin/env bash
# The motiv8 command, set up first where that is still to be done. The other scripts are its subcommands by their own names.
set -euo pipefail
project=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

if [[ ! -x $project/.venv/bin/motiv8 ]]; then
  make --silent --directory "$project" setup >&2
fi
exec "$project/.venv/bin/motiv8" "$@"
