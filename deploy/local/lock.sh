#!/bin/sh
# Compiles requirements*.txt from pyproject.toml with uv, which a throwaway environment holds.
# Usage: lock.sh [--upgrade]. No index address gets into the files; pip's own settings say where packages come from.
set -eu
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
"$PYTHON" -m venv "$room/venv"
"$room/venv/bin/python" -m pip install --quiet --disable-pip-version-check uv
index=$("$room/venv/bin/python" -m pip config get global.index-url 2>/dev/null || true)
if [ -n "$index" ]; then export UV_DEFAULT_INDEX="$index"; fi
compile() { "$room/venv/bin/uv" pip compile --quiet --universal --python-version 3.11 --generate-hashes \
  --no-emit-index-url --custom-compile-command 'make lock' "$@"; }
compile pyproject.toml "$@" -o requirements.txt
compile pyproject.toml "$@" --extra dev -c requirements.txt -o requirements-dev.txt
compile pyproject.toml "$@" --extra fuzz -c requirements-dev.txt -o requirements-fuzz.txt
compile pyproject.toml "$@" --extra deploy -c requirements-dev.txt -o requirements-deploy.txt
# What the mailbox's image has beside requirements.txt.
printf 'aiosmtpd\n' | compile - "$@" -c requirements-dev.txt -o requirements-mailbox.txt
