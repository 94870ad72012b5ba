#!/bin/sh
# Run by the PostgreSQL image when its volume is new: a database and its owner for each of Lakekeeper and the selector.
set -eu
: "${LAKEKEEPER_DB_PASSWORD:?}" "${TSS_DB_PASSWORD:?}"
for name in lakekeeper tss; do
    case $name in
        lakekeeper) export OWNER_PASSWORD="$LAKEKEEPER_DB_PASSWORD" ;;
        tss) export OWNER_PASSWORD="$TSS_DB_PASSWORD" ;;
    esac
    psql --set ON_ERROR_STOP=1 --set name="$name" --username "${POSTGRES_USER:-postgres}" <<'SQL'
\getenv password OWNER_PASSWORD
create role :"name" login password :'password';
create database :"name" owner :"name";
SQL
done
