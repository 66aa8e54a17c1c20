#!/usr/bin/env bash
# Installs what this machine lacks: RabbitMQ from Debian, a virtual environment with the locked Python packages,
# the typefaces. Says what it does, keeps the full output in install.log, and does nothing (in well under a
# second) when nothing is missing. `--tests` adds what the tests look through: a browser and a PDF renderer.
set -euo pipefail
cd "$(dirname "$0")/../.."
run="${AVONDKASSA_RUN:-.run}"
mkdir -p "$run"
log="$run/install.log"
stamp=.venv/.installed
want="$(cat requirements/run.txt requirements/dev.txt | sha256sum | cut -d' ' -f1)"

say() { printf '  %s\n' "$*"; }

fail() {
  printf '%s\n' "$@" >&2
  exit 1
}

# Runs a command with its output in the log only; shows the end of the log when it fails.
quietly() {
  if ! "$@" >>"$log" 2>&1; then
    tail -n 15 "$log" >&2
    fail "Installing failed at: $*" "The full output is in $log."
  fi
}

find_python() {
  local name
  for name in python3.11 python3 python3.12 python3.13; do
    if command -v "$name" >/dev/null 2>&1 &&
      "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      command -v "$name"
      return
    fi
  done
}

has_broker() {
  [ -n "${AVONDKASSA_RABBITMQ:-}" ] || compgen -G '/usr/lib/rabbitmq/lib/rabbitmq_server-*/sbin/rabbitmq-server' >/dev/null
}

# The packages that are missing, one a line.
missing_packages() {
  has_broker || echo rabbitmq-server
  "$python" -c 'import ensurepip, venv' 2>/dev/null || [ -x .venv/bin/python ] || echo python3-venv
  if [ "${1:-}" = --tests ]; then
    command -v chromium >/dev/null || command -v chromium-browser >/dev/null || echo chromium
    command -v pdftoppm >/dev/null || echo poppler-utils
  fi
}

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; else sudo -- "$@"; fi
}

install_packages() {
  command -v apt-get >/dev/null || fail \
    "This machine is no Debian, so its packages cannot be installed from here. Please install:" \
    "$(printf '  %s\n' "$@")" \
    "(names of Debian; RabbitMQ 3.10 or later). If RabbitMQ's scripts lie elsewhere than under" \
    "/usr/lib/rabbitmq/lib, name their folder (it holds rabbitmq-server) in AVONDKASSA_RABBITMQ."
  [ "$(id -u)" = 0 ] || command -v sudo >/dev/null || fail \
    "Packages are missing and there is no sudo here. As root, please run:" "  apt-get install $*"
  [ "$(id -u)" = 0 ] || sudo -v
  say "installing $* (Debian)"
  local policy=/usr/sbin/policy-rc.d ours=no
  # Without this, Debian would start a RabbitMQ of its own, which nobody asked for.
  if [ ! -e "$policy" ]; then
    printf '#!/bin/sh\nexit 101\n' | as_root tee "$policy" >/dev/null
    as_root chmod 755 "$policy"
    ours=yes
    trap 'as_root rm -f /usr/sbin/policy-rc.d' EXIT
  fi
  quietly as_root env DEBIAN_FRONTEND=noninteractive apt-get update -q
  quietly as_root env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "$@"
  if [ "$ours" = yes ]; then
    as_root rm -f "$policy"
    trap - EXIT
  fi
}

# Of several interpreters of one version the one that computes fastest: builds without profile-guided
# optimisation, such as pyenv's, take a third longer for everything (docs/decisions/0045).
fastest_like() {
  local one
  while read -r one; do
    "$one" - <<'EOF' 2>/dev/null || true
import ensurepip, sys, time, venv

def work():
    began = time.process_time()
    for number in range(60_000):
        found = {"a": number, "b": (number, number + 1)}
        [each for each in found["b"]]
    return time.process_time() - began

print(f"{min(work() for _ in range(5)):.6f} {sys.executable}")
EOF
  done < <(type -aP "$(basename "$1")") | sort -n | head -n 1 | cut -d' ' -f2-
}

install_python() {
  if ! .venv/bin/python -c 'import pip' 2>/dev/null; then
    say "making a virtual environment"
    python="$(fastest_like "$python")"
    rm -rf .venv
    quietly "$python" -m venv .venv
  fi
  say "installing the locked Python packages"
  quietly .venv/bin/python -m pip install --disable-pip-version-check --no-input --require-hashes \
    -r requirements/dev.txt
  echo "$want" >"$stamp"
}

python="$(find_python)"
[ -n "$python" ] || fail "Python 3.11 or later is needed. On Debian: apt-get install python3 python3-venv"
mapfile -t packages < <(missing_packages "${1:-}")
present=no
[ -x .venv/bin/python ] && [ "$(cat "$stamp" 2>/dev/null)" = "$want" ] && present=yes

if [ "${#packages[@]}" -gt 0 ] || [ "$present" = no ]; then
  : >"$log"
  chmod 600 "$log"
  say "some things are missing here; the full output goes to $log"
fi
if [ "${#packages[@]}" -gt 0 ]; then
  if [[ " ${packages[*]} " == *" python3-venv "* ]] || [ "$present" = yes ]; then
    install_packages "${packages[@]}"
  else
    # Debian's packages and Python's come from different places; a bare machine gets both at the same time.
    (install_packages "${packages[@]}") &
    debian=$!
  fi
fi
[ "$present" = yes ] || install_python
[ -z "${debian:-}" ] || wait "$debian"
if [ -x deploy/local/fonts.sh ]; then
  quietly deploy/local/fonts.sh
fi
