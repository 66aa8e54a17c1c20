#!/usr/bin/env bash
# Style, types, walls and the quick tests, which also compare every generated file with its sources. Runs what is independent side by side, shows only
# what failed, and says the result in its last line. `--before-tests` leaves the tests to whoever runs them all.
set -uo pipefail
cd "$(dirname "$0")/../.."
bin=.venv/bin
began=$SECONDS
out="$(mktemp -d)"
trap 'rm -rf "$out"' EXIT
declare -A running

begin() { # begin <name> <command…>
  local name="$1"
  shift
  "$@" >"$out/$name" 2>&1 &
  running[$name]=$!
}

begin style "$bin/ruff" check .
begin format "$bin/ruff" format --check .
begin types "$bin/mypy"
begin walls "$bin/lint-imports"
names=(style format types walls)
if [ "${1:-}" != --before-tests ]; then
  # The simulator, the inbox and the receiver are programs, whose tests start and kill them: those take longer.
  begin tests "$bin/python" -m pytest -m "not house" -p no:cacheprovider \
    --ignore=tests/mollie --ignore=tests/inbox --ignore=tests/organiser
  names+=(tests)
fi

failed=()
for name in "${names[@]}"; do
  if wait "${running[$name]}"; then
    printf '  %-10s ok\n' "$name"
  else
    printf '  %-10s FAILED\n' "$name"
    sed 's/^/    /' "$out/$name"
    failed+=("$name")
  fi
done

if [ "${#failed[@]}" = 0 ]; then
  echo "check: all holds ($((SECONDS - began)) s)"
else
  echo "check: failed: ${failed[*]} ($((SECONDS - began)) s)"
  exit 1
fi
