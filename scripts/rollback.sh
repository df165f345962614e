#!/usr/bin/env bash
# Serves the image that served before the present one; run twice, it goes back twice.
#   scripts/rollback.sh prod
#   scripts/rollback.sh dev --to 0f3a…
set -euo pipefail
exec "$(dirname "${BASH_SOURCE[0]}")/motiv8.sh" rollback "$@"
