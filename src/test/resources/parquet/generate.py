"""Writes the files of this directory. See README.md."""
import duckdb
import polars
import pyarrow as pa
import pyarrow.parquet as pq


def table(count):
    rows = range(count)
    return pa.table({
        "id": [f"{i // 7 * 2654435761 % 2**64:016x}{i // 7:016x}" for i in rows],
        "n": [i * i - 5000 if i % 10 else None for i in rows],
        "small": [i % 13 for i in rows],
        "flag": [i % 3 == 0 if i % 5 else None for i in rows],
        "x": [i / 4 if i % 6 else None for i in rows],
        "attrs": [[(f"k{j}", None if (i + j) % 4 == 0 else f"v{i * j % 97}") for j in range(i % 5)]
                  if i % 11 else None for i in rows],
        "list": [[i + j for j in range(i % 4)] for i in rows],
    }, schema=pa.schema([
        ("id", pa.string()), ("n", pa.int64()), ("small", pa.int32()), ("flag", pa.bool_()), ("x", pa.float64()),
        ("attrs", pa.map_(pa.string(), pa.string())), ("list", pa.list_(pa.int64()))]))


small = table(900)
pq.write_table(small, "pyarrow-dictionary-snappy.parquet", compression="snappy", data_page_size=1500,
               row_group_size=500, write_batch_size=64)
pq.write_table(small, "pyarrow-split-zstd.parquet", compression="zstd", data_page_size=400, use_dictionary=False,
               write_batch_size=37)
pq.write_table(small, "pyarrow-v2-lz4.parquet", compression="lz4", data_page_version="2.0", data_page_size=1500,
               write_batch_size=64)
pq.write_table(small, "pyarrow-delta-gzip.parquet", compression="gzip", use_dictionary=False, data_page_size=3000,
               column_encoding={
                   "id": "DELTA_BYTE_ARRAY", "n": "DELTA_BINARY_PACKED", "small": "DELTA_BINARY_PACKED",
                   "flag": "RLE", "x": "BYTE_STREAM_SPLIT", "attrs.key_value.key": "DELTA_LENGTH_BYTE_ARRAY",
                   "list.list.element": "DELTA_BINARY_PACKED"})
large = table(2200)
duckdb.register("t", large)
duckdb.execute("copy t to 'duckdb-zstd.parquet' (format parquet, compression zstd, row_group_size 2048)")
duckdb.execute("copy t to 'duckdb-v2-snappy.parquet' (format parquet, compression snappy, parquet_version v2)")
polars.from_arrow(small.drop_columns(["attrs"])).write_parquet(
    "polars-zstd.parquet", compression="zstd", row_group_size=500, data_page_size=1500)
