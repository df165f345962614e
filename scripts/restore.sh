#!/usr/bin/env bash
# Puts the data of a moment (tables and buckets) into a new stack.
#   scripts/restore.sh prod 2026-11-20T06:00:00Z restore-1
set -euo pipefail
exec "$(dirname "${BASH_SOURCE[0]}")/motiv8.sh" restore "$@"
