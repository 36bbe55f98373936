#!/usr/bin/env bash
# Make the virtual environment DIR with a Python that the product supports (3.11 or 3.12).
set -euo pipefail
dir=$1
fits() { "$1" -c 'import sys; sys.exit(not ((3, 11) <= sys.version_info[:2] < (3, 13)))' 2>/dev/null; }
python=""
for candidate in "${PYTHON:-python3}" python3.11 python3.12; do
  if command -v "$candidate" >/dev/null && fits "$candidate"; then python=$candidate; break; fi
done
if [ -z "$python" ]; then
  echo "ccer-clerk needs Python 3.11 or 3.12: install one, or name it with PYTHON=/path/to/python" >&2
  exit 1
fi
if [ -x "$dir/bin/python" ] && fits "$dir/bin/python" && "$dir/bin/python" -m pip --version >/dev/null 2>&1; then
  exit 0
fi
rm -rf "$dir"
if ! "$python" -m venv "$dir" 2>/dev/null; then
  # Debian ships venv's pip seed apart from Python itself.
  rm -rf "$dir"
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    apt-get -qq update && DEBIAN_FRONTEND=noninteractive apt-get -qq install -y python3-venv >/dev/null
    "$python" -m venv "$dir"
  else
    echo "Python's venv module is incomplete here: run 'apt-get install python3-venv', then try again" >&2
    exit 1
  fi
fi
