#!/bin/sh
# Installs Lighthouse as tests/lighthouse/package-lock.json names it, once, into .venv. npm's own settings say where packages come from.
# To lock another: change package.json, delete the lock file, `npm install --package-lock-only --omit-lockfile-registry-resolved`,
# and take the "funding" of packages out: no lock file holds an address (tests/architecture/test_locks.py).
set -eu
to=.venv/lighthouse
cmp -s tests/lighthouse/package-lock.json "$to/package-lock.json" && [ -d "$to/node_modules" ] && exit 0
command -v npm >/dev/null 2>&1 || { echo 'Lighthouse needs Node 18.16 or newer and npm.' >&2; exit 1; }
echo "Installing Lighthouse in $to (once)" >&2
rm -rf "$to"
mkdir -p "$to"
cp tests/lighthouse/package.json tests/lighthouse/package-lock.json "$to"
(cd "$to" && npm ci --no-audit --no-fund --ignore-scripts --silent)
