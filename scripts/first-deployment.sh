#!/usr/bin/env bash
# Says what the first deployment still needs: tools, credentials, region, bucket names, quotas, SES. Changes nothing.
#   scripts/first-deployment.sh --check
#   scripts/first-deployment.sh --check --environment prod --users 10,000
set -euo pipefail
if [[ ${1:-} != --check ]]; then
  echo "first-deployment: give --check; the steps are in docs/first-deployment.md" >&2
  exit 2
fi
shift
exec "$(dirname "${BASH_SOURCE[0]}")/motiv8.sh" doctor --first "$@"
