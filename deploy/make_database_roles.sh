#!/bin/sh
# Run once by the postgres image on an empty volume: the three roles of operations/grants.py, and the owner's database.
# What app and reader may do inside it is granted by `initialise`.
set -eu
psql --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres \
    --set owner="$OWNER_PASSWORD" --set app="$APP_PASSWORD" --set reader="$READER_PASSWORD" <<'SQL'
CREATE ROLE pension_owner LOGIN PASSWORD :'owner';
CREATE ROLE pension_app LOGIN PASSWORD :'app';
CREATE ROLE pension_reader LOGIN PASSWORD :'reader';
CREATE DATABASE pension OWNER pension_owner;
REVOKE CONNECT ON DATABASE pension FROM PUBLIC;
\connect pension
CREATE EXTENSION btree_gist;
CREATE EXTENSION pg_stat_statements;
SQL
