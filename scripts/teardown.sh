#!/usr/bin/env bash
# Removes an environment with everything that it holds. Refuses prod.
#   scripts/teardown.sh dev-pr-7
set -euo pipefail
exec "$(dirname "${BASH_SOURCE[0]}")/motiv8.sh" teardown "$@"
