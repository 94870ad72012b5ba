"""Writes the rows of a generated table again as another writer would, into a table of their own.

usage: rewrite.py snappy|gzip|none|plain-ids|one-row-group|duckdb HOME FILE...
"""
import pathlib
import subprocess
import sys

import duckdb
import pyarrow as arrow
import pyarrow.parquet as parquet

ROOT = pathlib.Path(__file__).resolve().parents[2]
ROWS_PER_GROUP = 1_000_000

kind, home, *files = sys.argv[1:]
name = "default." + kind.replace("-", "_")
folder = pathlib.Path(home) / "warehouse" / name.replace(".", "/") / "data"
folder.mkdir(parents=True, exist_ok=True)


def write(rows, number, **how):
    """Field ids stand in the schema that was read, and are written again."""
    parquet.write_table(rows, folder / f"{number:05}.parquet", **{"compression": "zstd", **how})


def one_row_group():
    """Files of one row group each, of a million rows; what is left makes the last file."""
    waiting, number = [], 0
    for file in files:
        waiting.append(parquet.read_table(file))
        while sum(table.num_rows for table in waiting) >= ROWS_PER_GROUP:
            rows = arrow.concat_tables(waiting)
            write(rows.slice(0, ROWS_PER_GROUP), number, row_group_size=ROWS_PER_GROUP)
            waiting, number = [rows.slice(ROWS_PER_GROUP)], number + 1
    write(arrow.concat_tables(waiting), number, row_group_size=ROWS_PER_GROUP)


def by_duckdb(file, number):
    """Without field ids, and under the names that the table's schema has: Iceberg writes a dot as _x2E."""
    names = parquet.read_schema(file).names
    columns = ", ".join(f'"{column}" AS "{column.replace("_x2E", ".")}"' for column in names)
    duckdb.sql(f"COPY (SELECT {columns} FROM read_parquet('{file}')) TO '{folder}/{number:05}.parquet' "
               "(FORMAT parquet, COMPRESSION zstd)")


if kind == "one-row-group":
    one_row_group()
else:
    for number, file in enumerate(files):
        if kind == "duckdb":
            by_duckdb(file, number)
            continue
        rows = parquet.read_table(file)
        if kind == "plain-ids":
            ids = {"TraceId", "SpanId", "ParentSpanId", "_kafka_value"}
            schema = parquet.ParquetFile(file).schema
            leaves = [schema.column(i).path for i in range(len(schema))]
            write(rows, number, use_dictionary=[leaf for leaf in leaves if leaf not in ids])
        else:
            write(rows, number, compression=kind)

classes = ":".join(map(str, [ROOT / "target/test-classes", ROOT / "target/classes",
                             *sorted((ROOT / "target/lib").glob("*.jar"))]))
java = subprocess.run([ROOT / "scripts/java-home"], check=True, capture_output=True, text=True).stdout.strip()
subprocess.run([f"{java}/bin/java", "--enable-native-access=ALL-UNNAMED", "-cp", classes,
                "dev.tailsampling.lake.ForeignTable", home, "default.spans", name,
                *map(str, sorted(folder.glob("*.parquet")))], check=True)
