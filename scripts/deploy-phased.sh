#!/usr/bin/env bash
# Deploys an environment in three phases: base, images, functions.
#   scripts/deploy-phased.sh dev
#   scripts/deploy-phased.sh dev-pr-7 --phase base
#   scripts/deploy-phased.sh prod $AWS_ACCOUNT_ID --parameter CorsOrigin=https://app.example.com
set -euo pipefail
exec "$(dirname "${BASH_SOURCE[0]}")/motiv8.sh" deploy "$@"
