"""DuckDB over a flattened table: which traces are kept, then all columns of their spans, into a Parquet file.

usage: duckdb_spans.py OUT THREADS [--no-attribute-rule] FILE...
"""
import json
import sys
import time

import duckdb

out, threads, *files = sys.argv[1:]
attribute_rule = "--no-attribute-rule" not in files
files = [file for file in files if not file.startswith("--")]
rule = "OR bool_or(SpanAttributes['net.peer.ip'] = '10.0.3.77')" if attribute_rule else ""
database = duckdb.connect()
database.execute(f"SET threads = {threads}")
cpu = [time.process_time()]
database.execute(f"""
    CREATE TEMP TABLE traces AS
    SELECT TraceId, count(*) AS spans,
           bool_or(StatusCode = 'Error') OR max("Timestamp" + Duration) - min("Timestamp") > 5000000000
           OR count(*) > 5000 {rule} AS keep
    FROM read_parquet($files) GROUP BY TraceId""", {"files": files})
cpu.append(time.process_time())
wide = "FROM read_parquet($files) spans SEMI JOIN (SELECT TraceId FROM traces WHERE keep) USING (TraceId)"
if out == ":memory:":
    database.execute(f"CREATE TEMP TABLE kept AS SELECT * {wide}", {"files": files})
else:
    database.execute(f"COPY (SELECT * {wide}) TO '{out}' (FORMAT parquet, COMPRESSION zstd)", {"files": files})
cpu.append(time.process_time())
traces, kept, spans = database.execute(
    "SELECT count(*), count(*) FILTER (keep), sum(spans) FILTER (keep) FROM traces").fetchone()
ids = [row[0] for row in database.execute("SELECT TraceId FROM traces WHERE keep ORDER BY TraceId").fetchall()]
written = spans if out == ":memory:" else database.execute(
    f"SELECT count(*) FROM read_parquet('{out}')").fetchone()[0]
print(json.dumps({"traces": traces, "kept_traces": kept, "kept_spans": int(spans), "written_spans": int(written),
                  "ids": ids, "phase_1_cpu": cpu[1] - cpu[0], "phase_2_cpu": cpu[2] - cpu[1]}))
