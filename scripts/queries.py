"""Runs the analysts' queries with DuckDB on the ledger of an embedded home; scripts/queries calls it."""

import glob
import os
import sqlite3
import sys

import duckdb


def metadata_of(home):
    """The ledger's current metadata file, as the embedded catalog has it."""
    with sqlite3.connect(f"file:{os.path.join(home, 'catalog.db')}?mode=ro", uri=True) as catalog:
        row = catalog.execute(
            "SELECT metadata_location FROM iceberg_tables WHERE table_name = 'trace_decisions'").fetchone()
    if row is None:
        sys.exit(f"{home} has no ledger yet: run `tss scan --once` with --home {home} first")
    return row[0].removeprefix("file://").removeprefix("file:")


def open_ledger(home):
    """A connection in which trace_decisions is the ledger."""
    metadata = metadata_of(home)
    database = duckdb.connect()
    try:
        database.execute("INSTALL iceberg; LOAD iceberg")
        database.execute(f"CREATE VIEW trace_decisions AS SELECT * FROM iceberg_scan('{metadata}')")
    except duckdb.Error:
        # Without the extension the files are read as they lie there, those that a compaction has replaced, too.
        print("DuckDB's iceberg extension is not to be had: reading the ledger's Parquet files", file=sys.stderr)
        data = os.path.join(os.path.dirname(os.path.dirname(metadata)), "data", "**", "*.parquet")
        if not glob.glob(data, recursive=True):
            sys.exit(f"no Parquet files match {data}")
        database.execute("CREATE VIEW trace_decisions AS SELECT * FROM "
                         f"read_parquet('{data}', union_by_name = true, hive_partitioning = false)")
    return database


def queries(folder, wanted):
    """Files by the name of the query; a wanted one that does not exist ends the program."""
    found = {}
    for path in sorted(glob.glob(os.path.join(folder, "*.sql"))):
        name, _, engine = os.path.basename(path)[:-len(".sql")].partition(".")
        if engine in ("", "duckdb"):
            found[name] = path
    unknown = [name for name in wanted if name not in found]
    if unknown:
        sys.exit(f"there is no query {unknown[0]}; there are {', '.join(found)}")
    return {name: path for name, path in found.items() if not wanted or name in wanted}


def main():
    folder, home, *wanted = sys.argv[1:]
    database = open_ledger(home)
    for name, path in queries(folder, wanted).items():
        with open(path, encoding="utf-8") as file:
            print(f"\n{name}")
            print(database.sql(file.read()))


main()
