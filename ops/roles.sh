#!/bin/sh
# Runs ops/roles.sql as the database's superuser, with the passwords from files: in the container on
# its first start, and by hand after an upgrade: docker compose exec -u postgres db /roles.sh
set -eu
secrets=${SECRETS:-/secrets}
OWNER_PASSWORD=$(cat "$secrets/owner_password")
SERVING_PASSWORD=$(cat "$secrets/serving_password")
export OWNER_PASSWORD SERVING_PASSWORD
exec psql -X -q -v ON_ERROR_STOP=1 -U "${POSTGRES_USER:-postgres}" -d postgres -f "${ROLES:-/roles.sql}"
