#!/bin/sh
# `node_packages.sh NAME` installs what tests/NAME/package-lock.json names, once, into .venv/NAME. npm's own settings say where packages come from.
# To lock others: change package.json, delete the lock file, `npm install --package-lock-only --omit-lockfile-registry-resolved`,
# and take the "funding" of packages out: no lock file holds an address (tests/architecture/test_locks.py).
set -eu
to=.venv/$1
cmp -s "tests/$1/package-lock.json" "$to/package-lock.json" && [ -d "$to/node_modules" ] && exit 0
command -v npm >/dev/null 2>&1 || { echo "tests/$1 needs Node 20 or newer and npm." >&2; exit 1; }
echo "Installing what tests/$1/package.json names in $to (once)" >&2
rm -rf "$to"
mkdir -p "$to"
cp "tests/$1/package.json" "tests/$1/package-lock.json" "$to"
(cd "$to" && npm ci --no-audit --no-fund --ignore-scripts --silent)
