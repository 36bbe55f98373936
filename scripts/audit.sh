#!/usr/bin/env bash
# Ask the advisory database (PyPI's) about every locked requirement. No answer is no "nothing found".
set -uo pipefail
audit=${1:?usage: audit.sh PIP-AUDIT}
status=0
for lock in requirements/runtime.txt requirements/dev.txt; do
  # --strict: else a requirement that nobody could be asked about is skipped, and all looks well.
  said=$("$audit" --strict --disable-pip --require-hashes -r "$lock" --progress-spinner off 2>&1)
  code=$?
  printf '%s\n' "$said" | tail -n 40
  if [ $code -ne 0 ]; then
    status=1
    case $said in
      *"Found "*"known vulnerabilit"*) echo "make audit: $lock has known vulnerabilities (above)" >&2 ;;
      *) echo "make audit: $lock: the advisory database could not be asked (network? proxy?): nothing is known about it" >&2 ;;
    esac
  fi
done
exit $status
