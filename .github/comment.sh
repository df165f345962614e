#!/usr/bin/env bash
# Writes what a pull request's deployment came to into one comment, which is edited with every push.
set -euo pipefail

readonly mark='<!-- motiv8 deployment -->'
summary=${SUMMARY:-'{}'}

body=$(
  echo "$mark"
  jq --raw-output --null-input --argjson summary "$summary" \
    --arg commit "$COMMIT" --arg tests "$TESTS" --arg smoke "${SMOKE:-skipped}" --arg run "$RUN_URL" '
    "### \($summary.environment // "not deployed")",
    "",
    (if ($summary.url // "") == "" then "No API is up from this commit." else "API: \($summary.url)" end),
    "",
    "| | |", "|---|---|",
    "| commit | `\($commit[:12])` |",
    "| tests | \($tests) |",
    ($summary.phases // [] | .[] |
      "| \(.name) | \(.result) in \(.seconds) s\(if .detail == "" then "" else ": \(.detail | gsub("[|\n]"; " "))" end) |"),
    "| smoke test | \($smoke) |",
    "",
    "[the run](\($run))"'
)
comment=$(gh api --paginate "repos/$REPOSITORY/issues/$NUMBER/comments" \
  --jq ".[] | select(.body | startswith(\"$mark\")) | .id" | head -1)
if [[ -n $comment ]]; then
  gh api --silent --method PATCH "repos/$REPOSITORY/issues/comments/$comment" --field body="$body"
else
  gh api --silent --method POST "repos/$REPOSITORY/issues/$NUMBER/comments" --field body="$body"
fi
