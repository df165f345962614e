#!/usr/bin/env bash
# Builds the images on a real Docker engine, prints their sizes, checks that their containers are healthy, and answers a
# request through `sam local start-api`. Uses the engine that runs; where none does, it installs and starts one of its own
# (Debian, as root) and stops it again. Where Lambda's base image cannot be pulled, a base of Debian's Python stands in.
set -euo pipefail
project=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$project"

readonly lambda_base=public.ecr.aws/lambda/python:3.13
readonly sam=.tools/sam/bin/sam
export SAM_CLI_TELEMETRY=0 AWS_DEFAULT_REGION=us-east-1 AWS_ACCESS_KEY_ID=none AWS_SECRET_ACCESS_KEY=none
work=$(mktemp -d)
engine='' gateway='' base='' containers=()

stop_everything() {
  status=$?
  [[ -z $gateway ]] || { kill "$gateway" && wait "$gateway"; } 2>/dev/null || true
  [[ ${#containers[@]} -eq 0 ]] || docker rm --force "${containers[@]}" >/dev/null 2>&1 || true
  [[ $base == "$lambda_base" ]] || docker rmi "$lambda_base" >/dev/null 2>&1 || true
  if [[ -n $engine ]]; then
    docker ps --all --quiet | xargs --no-run-if-empty docker rm --force >/dev/null 2>&1 || true
    kill "$engine" && wait "$engine" 2>/dev/null || true
    # The engine leaves the machine's network as it found it only with help.
    iptables-restore <"$work/iptables" || true
    sysctl -q -w "net.ipv4.ip_forward=$(cat "$work/ip_forward")" || true
    ip link delete docker0 2>/dev/null || true
    awk -v "work=$work/" 'index($2, work) == 1 { print $2 }' /proc/mounts | xargs --no-run-if-empty umount --lazy || true
  fi
  rm -rf "$work"
  exit "$status"
}
trap stop_everything EXIT

start_engine() {
  if docker info >/dev/null 2>&1; then
    echo "engine: the one that runs"
    return
  fi
  if ! command -v dockerd >/dev/null || ! command -v debootstrap >/dev/null; then
    apt-get update -q >/dev/null
    DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends \
      docker.io debootstrap iptables iproute2 procps >/dev/null
  fi
  iptables-save >"$work/iptables"
  # Restoring leaves a table alone that is not named.
  grep -q '^\*filter' "$work/iptables" || printf '%s\n' '*filter' ':FORWARD ACCEPT [0:0]' COMMIT >>"$work/iptables"
  grep -q '^\*nat' "$work/iptables" || printf '%s\n' '*nat' COMMIT >>"$work/iptables"
  cat /proc/sys/net/ipv4/ip_forward >"$work/ip_forward"
  export DOCKER_HOST="unix://$work/docker.sock"
  dockerd --data-root "$work/data" --exec-root "$work/exec" --pidfile "$work/pid" -H "$DOCKER_HOST" \
    >"$work/dockerd.log" 2>&1 </dev/null &
  engine=$!
  for _ in {1..100}; do
    docker info >/dev/null 2>&1 && { echo "engine: one of our own"; return; }
    sleep 0.2
  done
  tail -5 "$work/dockerd.log" >&2
  echo "docker-rehearsal: the engine did not start" >&2
  exit 1
}

# Sets `base`.
choose_base() {
  base=$lambda_base
  if docker pull --quiet "$base" >/dev/null 2>&1; then
    echo "base: $base"
    return
  fi
  base=motiv8-rehearsal-base
  debootstrap --variant=minbase --include=python3,python3-pip,ca-certificates trixie "$work/debian" >"$work/debootstrap.log"
  tar --directory "$work/debian" --create . | docker import - motiv8-rehearsal-debian >/dev/null
  rm -rf "$work/debian"
  mkdir "$work/base"
  cp infra/rehearsal-base/* requirements/tool-runtime.txt /etc/ssl/certs/ca-certificates.crt "$work/base/"
  cp .tools/sam/lib/python3*/site-packages/samcli/local/rapid/aws-lambda-rie-x86_64 "$work/base/aws-lambda-rie"
  docker_build --tag "$base" --tag "$lambda_base" "$work/base"
  echo "base: Debian's Python in the place of $lambda_base, which cannot be pulled here"
}

docker_build() {
  docker build --network host "$@" >"$work/build.log" 2>&1 || { tail -20 "$work/build.log" >&2; exit 1; }
}

megabytes() { # image
  echo $(($(docker image inspect --format '{{.Size}}' "$1") / 1000000))
}

build() { # name, what it may add to the base in MB, what it may have in all
  local image=motiv8-$1:rehearsal started=$SECONDS
  docker_build --build-arg "BASE=$base" --build-arg REVISION=rehearsal --file "Dockerfile.$1" --tag "$image" .
  local all over
  all=$(megabytes "$image")
  over=$((all - $(megabytes "$base")))
  printf '%-12s built in %3d s: %4d MB over the base, %4d MB in all\n' "$1" $((SECONDS - started)) "$over" "$all"
  if ((over > $2 || all > $3)); then
    echo "docker-rehearsal: $1 is larger than $2 MB over the base or $3 MB in all" >&2
    exit 1
  fi
}

check() { # image, event, what the answer holds, command...
  local image=motiv8-$1:rehearsal event=$2 expected=$3 container port answer started
  shift 3
  container=$(docker run --detach --publish 127.0.0.1::8080 --env AWS_REGION=us-east-1 "$image" "$@")
  containers+=("$container")
  port=$(docker port "$container" 8080 | head -1)
  started=$(date +%s%N)
  answer=$(curl --silent --show-error --retry 20 --retry-delay 1 --retry-all-errors --max-time 60 \
    --data "@events/$event.json" "http://127.0.0.1:${port##*:}/2015-03-31/functions/function/invocations")
  if [[ ${answer// /} != *"$expected"* ]]; then
    echo "docker-rehearsal: $image is not healthy: ${answer:0:300}" >&2
    docker logs "$container" 2>&1 | tail -5 >&2
    exit 1
  fi
  printf '%-12s %-20s healthy, first answer after %d ms\n' "${image%:*}" "$event" $((($(date +%s%N) - started) / 1000000))
  docker rm --force "$container" >/dev/null
}

invoke() { # function, event
  # Now and then SAM posts before the container listens, and waits for an answer until the function's timeout.
  for attempt in first second; do
    "$sam" local invoke "$1" --template "$work/build/template.yaml" --event "events/$2.json" --env-vars "$work/env.json" \
      >"$work/invoke.json" 2>"$work/invoke.log" </dev/null || true
    if grep -q '"outcome": \?"ok"\|"statusCode": \?200' "$work/invoke.json"; then
      echo "sam local invoke $1 answers events/$2.json, $attempt attempt"
      return
    fi
  done
  tail -5 "$work/invoke.log" >&2
  exit 1
}

answer_through_sam() {
  local started=$SECONDS port
  # Without a data plane: health and modes need none.
  echo '{}' >"$work/env.json"
  "$sam" build --build-dir "$work/build" --no-cached >"$work/sam-build.log" 2>&1 ||
    { tail -5 "$work/sam-build.log" >&2; exit 1; }
  echo "sam build    $((SECONDS - started)) s"
  invoke ApiHandlerFunction api-rest
  invoke CourierFunction courier-self-check
  invoke SocketFunction socket-self-check
  invoke StudioFunction studio-self-check
  invoke LibraryWorkerFunction library-worker-self-check
  invoke LibrarySearchFunction library-search-self-check
  invoke CoachFunction coach-self-check
  port=$(.venv/bin/python -c 'from motiv8_tooling.local.emulator import free_port; print(free_port())')
  "$sam" local start-api --template "$work/build/template.yaml" --port "$port" \
    --env-vars "$work/env.json" >"$work/start-api.log" 2>&1 </dev/null &
  gateway=$!
  for path in /health /v1/modes; do
    local status
    status=$(curl --silent --output "$work/answer" --write-out '%{http_code}' --retry 30 --retry-delay 1 \
      --retry-connrefused --max-time 60 "http://127.0.0.1:$port$path")
    if [[ $status != 200 ]]; then
      grep -h not.ready "$work/start-api.log" | tail -5 >&2
      echo "docker-rehearsal: GET $path through sam local start-api answered $status: $(cat "$work/answer")" >&2
      exit 1
    fi
    echo "sam local start-api GET $path: $status $(head -c 60 "$work/answer")"
  done
}

start_engine
choose_base
build api-handler 200 1200
build library 1200 1200
build studio 1200 1200
check api-handler api-rest '"statusCode":200'
check api-handler courier-self-check '"outcome":"ok"' motiv8.entrypoints.worker.handler
check api-handler socket-self-check '"outcome":"ok"' motiv8.entrypoints.socket.handler
check studio studio-self-check '"outcome":"ok"'
check library library-worker-self-check '"outcome":"ok"'
check library library-search-self-check '"outcome":"ok"' motiv8.entrypoints.library_search.handler
check api-handler coach-self-check '"outcome":"ok"' motiv8.entrypoints.coach.handler
answer_through_sam
echo "docker-rehearsal: all of it works"
