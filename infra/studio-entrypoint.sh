#!/bin/sh
# Lambda gives a handler, Batch gives `job` and a step: Batch cannot replace an entry point, so this one tells them apart.
if [ "$1" = job ]; then
  shift
  exec python -m motiv8.entrypoints.batch_job "$@"
fi
exec /lambda-entrypoint.sh "$@"
