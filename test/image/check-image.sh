#!/usr/bin/env bash
# Builds the model server's image and asks it what SageMaker would, on a read-only root and without root's rights: a
# serverless endpoint leaves a container none.
# Not part of `npm test`: it needs docker, podman, or buildah (the latter as root, with unshare).
#
#   test/image/check-image.sh                      the Dockerfile's own base, from its registry
#   BASE_IMAGE=node:…@sha256:… test/image/check-image.sh
#   test/image/check-image.sh --local-base         no registry: a base made of this machine's node; buildah only
#
# BUILDER (docker, podman or buildah) chooses the tool, MODEL the specialist (ddos), PORT the port (18080).
set -euo pipefail
cd "$(dirname "$0")/../.."

model=${MODEL:-ddos} port=${PORT:-18080} image=mini-xdr-model-server:check
builder=${BUILDER:-}
[ "${1:-}" != --local-base ] || builder=buildah
for tool in docker podman buildah; do
  [ -n "$builder" ] || ! command -v "$tool" >/dev/null || builder=$tool
done
[ -n "$builder" ] || { echo 'needs docker, podman or buildah' >&2; exit 3; }

work=$(mktemp -d) stop=:
trap 'status=$?; $stop; rm -rf "$work"; exit $status' EXIT

fail() { echo "FAILED: $*" >&2; [ ! -f "$work/log" ] || cat "$work/log" >&2; exit 1; }
expect() { [ "$2" = "$3" ] && echo "ok: $1: $2" || fail "$1: expected '$3', got '$2'"; }

# An image that holds node with its libraries.
local_base() (
  umask 022
  container=$(buildah from scratch)
  root=$(buildah mount "$container")
  node=$(readlink -f "$(command -v node)")
  mkdir -p "$root"/usr/local/bin "$root"/etc "$root"/proc "$root"/opt/ml/model
  cp "$node" "$root/usr/local/bin/node"
  ldd "$node" | grep -o '/[^ ]*' | xargs -I{} cp -L --parents {} "$root"
  echo 'root:x:0:0::/:/' >"$root/etc/passwd"
  echo 'root:x:0:' >"$root/etc/group"
  buildah config --env PATH=/usr/local/bin "$container"
  buildah commit --quiet --rm "$container" localhost/mini-xdr-local-base:check >/dev/null
)

base=${BASE_IMAGE:-}
if [ "${1:-}" = --local-base ]; then
  local_base
  base=localhost/mini-xdr-local-base:check
fi

context=$(npx --no-install tsx models/server/build.ts "$work/context")
"$builder" build ${base:+--build-arg "BASE_IMAGE=$base"} -t "$image" "$context" >"$work/build" 2>&1 ||
  { cat "$work/build" >&2; fail "$builder build"; }
echo "ok: builds with $builder"

if [ "$builder" = buildah ]; then
  config() { buildah inspect --type image --format "{{$1}}" "$image"; }
  label() { config "index .OCIv1.Config.Labels \"$1\""; }
  user() { config .OCIv1.Config.User; }
else
  label() { "$builder" image inspect --format "{{index .Config.Labels \"$1\"}}" "$image"; }
  user() { "$builder" image inspect --format '{{.Config.User}}' "$image"; }
fi
expect 'serves several models' "$(label com.amazonaws.sagemaker.capabilities.multi-models)" true
expect 'takes its port' "$(label com.amazonaws.sagemaker.capabilities.accept-bind-to-port)" true
expect 'user' "$(user)" root

# Without a container engine: the image's root, mounted read-only in a mount namespace of its own.
run_chrooted() {
  local container root
  container=$(buildah from --pull-never "$image")
  root=$(buildah mount "$container")
  unshare --mount -- sh -ec '
    mount --bind "$1" "$1"
    mount --bind "$2" "$1/opt/ml/model"
    mount -o remount,bind,ro "$1/opt/ml/model"
    mount -t proc proc "$1/proc"
    mount -o remount,bind,ro "$1"
    # A root that can be written would prove nothing.
    if touch "$1/probe" 2>/dev/null; then echo "the root can be written"; exit 1; fi
    exec env -i PATH=/usr/local/bin SAGEMAKER_BIND_TO_PORT="$3" \
      "$(command -v chroot)" --userspec=1000:1000 "$1" /usr/local/bin/node /app/server.mjs serve
  ' sh "$root" "$PWD/models/$model" "$port" >"$work/log" 2>&1 &
  pid=$!
  stop="stop_chrooted $container"
}
stop_chrooted() {
  kill -KILL "$pid" 2>/dev/null || :
  buildah rm "$1" >/dev/null
}
run_contained() {
  container=$("$builder" run --detach --read-only --user=1000:1000 --cap-drop=ALL --security-opt=no-new-privileges \
    --memory=1024m \
    --publish "127.0.0.1:$port:$port" --env "SAGEMAKER_BIND_TO_PORT=$port" \
    --volume "$PWD/models/$model:/opt/ml/model:ro" "$image" serve)
  stop="$builder rm --force $container"
}

started=$(date +%s%N)
if [ "$builder" = buildah ]; then run_chrooted; else run_contained; fi
url=http://127.0.0.1:$port
for _ in $(seq 500); do
  [ "$(curl --silent --output /dev/null --write-out '%{http_code}' "$url/ping" || :)" = 200 ] && break
  sleep 0.02
done
expect '/ping' "$(curl --silent --output /dev/null --write-out '%{http_code}' "$url/ping" || :)" 200
echo "ok: ready after $((($(date +%s%N) - started) / 1000000)) ms, container start included"

golden="JSON.parse(require('fs').readFileSync('models/$model/golden.json'))"
node -p "JSON.stringify({ instances: $golden.vectors.map((v) => v.row) })" >"$work/body"
curl --silent --fail --header 'content-type: application/json' --data "@$work/body" "$url/invocations" >"$work/answer" ||
  fail '/invocations'
answer="JSON.parse(require('fs').readFileSync('$work/answer'))"
expect 'golden rows' \
  "$(node -p "$answer.predictions.map((p) => p.label).join()")" "$(node -p "$golden.vectors.map((v) => v.expected.class).join()")"
expect 'model' "$(node -p "$answer.model.name")" "$model"

if [ "$builder" = buildah ]; then
  expect 'user id of the process' "$(awk '/^Uid/ { print $2 }' "/proc/$pid/status")" 1000
  expect 'capabilities' "$(awk '/^CapEff/ { print $2 }' "/proc/$pid/status")" 0000000000000000
  awk '/^VmRSS/ { printf "ok: %d MB in use\n", $2 / 1024 }' "/proc/$pid/status"
  kill -TERM "$pid"
  wait "$pid" && status=0 || status=$?
else
  "$builder" stop --time 30 "$container" >/dev/null
  status=$("$builder" inspect --format '{{.State.ExitCode}}' "$container")
fi
expect 'exit code on SIGTERM' "$status" 0
