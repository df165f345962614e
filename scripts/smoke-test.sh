#!/usr/bin/env bash
# Proves that an API works: health, readiness, sign-up to picture with a throw-away person who is removed again.
#   scripts/smoke-test.sh https://abc.execute-api.eu-central-1.amazonaws.com/dev
#   scripts/smoke-test.sh https://api.example.com --environment prod
set -euo pipefail
exec "$(dirname "${BASH_SOURCE[0]}")/motiv8.sh" smoke-test "$@"
