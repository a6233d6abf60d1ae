#!/bin/sh
# Runs once, when the database's data directory is made: the role that web and worker use. `manage.py prepare` gives it its rights.
set -eu
psql --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" \
  --set password="$(cat /run/secrets/DATABASE_APP_PASSWORD)" <<'SQL'
CREATE ROLE archive_app LOGIN PASSWORD :'password';
SQL
