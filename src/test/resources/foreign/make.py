"""Writes the files of this directory, with what others use to write tables: pyarrow 26.0 and DuckDB 2.0.

The same spans as in ForeignFilesTest, in the columns of the Collector's ClickHouse exporter (DuckDB) and of otlp2parquet
(pyarrow). Neither writes field ids.
"""
import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

SPANS = 300


def span(i):
    error = i % 10 == 0
    start = 1767268800000000000 + i * 1000
    return {
        "TraceId": "%032x" % (i // 4 + 1),
        "SpanId": "%016x" % (i + 1),
        "ParentSpanId": "" if i % 4 == 0 else "%016x" % (i - i % 4 + 1),
        "TraceState": "vendor=x" if i % 7 == 0 else "",
        "SpanName": "op %d" % (i % 7),
        "SpanKind": ["Internal", "Server", "Client"][i % 3],
        "ServiceName": "svc %d" % (i % 3),
        "ResourceAttributes": {"service.name": "svc %d" % (i % 3), "host.name": "h%d" % (i % 2)},
        "ScopeName": "lib",
        "ScopeVersion": "1.0",
        "SpanAttributes": {"http.method": "GET", "i": str(i)} if i % 5 else {},
        "Timestamp": start,
        "Duration": i * 10,
        "StatusCode": "Error" if error else "Unset",
        "StatusMessage": "boom" if error else "",
        "Events_Timestamp": [start + j for j in range(i % 3)],
        "Events_Name": ["e%d" % j for j in range(i % 3)],
        "Events_Attributes": [{"j": str(j)} if j else {} for j in range(i % 3)],
        "Links_TraceId": ["%032x" % (i + 1) for j in range(i % 2)],
        "Links_SpanId": ["%016x" % 7 for j in range(i % 2)],
        "Links_TraceState": ["" for j in range(i % 2)],
        "Links_Attributes": [{"k": "v"} for j in range(i % 2)],
    }


def table():
    texts = ["TraceId", "SpanId", "ParentSpanId", "TraceState", "SpanName", "SpanKind", "ServiceName", "ScopeName",
             "ScopeVersion", "StatusCode", "StatusMessage"]
    attributes = pa.map_(pa.string(), pa.string())
    types = {name: pa.string() for name in texts}
    types |= {"ResourceAttributes": attributes, "SpanAttributes": attributes, "Timestamp": pa.timestamp("ns", tz="UTC"),
              "Duration": pa.int64(), "Events_Timestamp": pa.list_(pa.timestamp("ns", tz="UTC")),
              "Events_Name": pa.list_(pa.string()), "Events_Attributes": pa.list_(attributes),
              "Links_TraceId": pa.list_(pa.string()), "Links_SpanId": pa.list_(pa.string()),
              "Links_TraceState": pa.list_(pa.string()), "Links_Attributes": pa.list_(attributes)}
    rows = [span(i) for i in range(SPANS)]
    maps = {name for name, kind in types.items() if "map" in str(kind)}

    def value(name, cell):
        if name not in maps:
            return cell
        return [list(item.items()) for item in cell] if isinstance(cell, list) else list(cell.items())

    return pa.table({name: pa.array([value(name, row[name]) for row in rows], types[name]) for name in types})


spans = table()
pq.write_table(spans, "otlp2parquet-pyarrow.parquet", row_group_size=100, data_page_version="2.0",
               compression="zstd", store_schema=False)
database = duckdb.connect()
database.register("spans", spans)
database.execute("""
    COPY (SELECT * EXCLUDE (Timestamp, Events_Timestamp, Events_Name, Events_Attributes, Links_TraceId, Links_SpanId,
                            Links_TraceState, Links_Attributes),
                 epoch_ns(Timestamp) AS Timestamp,
                 [epoch_ns(t) FOR t IN Events_Timestamp] AS "Events.Timestamp", Events_Name AS "Events.Name",
                 Events_Attributes AS "Events.Attributes", Links_TraceId AS "Links.TraceId",
                 Links_SpanId AS "Links.SpanId", Links_TraceState AS "Links.TraceState",
                 Links_Attributes AS "Links.Attributes"
          FROM spans) TO 'clickhouse-duckdb.parquet' (FORMAT parquet, ROW_GROUP_SIZE 2048)""")
