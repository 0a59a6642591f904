#!/bin/sh
# Finds a Chromium for the browser tests, or installs Debian's if this may; fails if there is none (NO_BROWSER=1: says so).
set -u
found() { for name in chromium chromium-browser google-chrome google-chrome-stable; do command -v "$name" >/dev/null 2>&1 && return 0; done; return 1; }
[ "${NO_BROWSER:-}" = 1 ] && { echo '!!!!! NO_BROWSER=1: THE BROWSER TESTS WILL NOT RUN !!!!!' >&2; exit 0; }
found && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
  echo 'Installing chromium for the browser tests (once)' >&2
  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium; } >/dev/null
fi
found && exit 0
echo 'No Chromium was found and none could be installed: install one, or run with NO_BROWSER=1 to leave the browser tests out.' >&2
exit 1
