"""Spark SQL over a flattened table, the same job as duckdb_spans.py.

usage: spark_spans.py OUT THREADS [--no-attribute-rule] FILE...
"""
import json
import sys

from pyspark.sql import SparkSession

out, threads, *files = sys.argv[1:]
attribute_rule = "--no-attribute-rule" not in files
files = [file for file in files if not file.startswith("--")]
rule = "OR bool_or(SpanAttributes['net.peer.ip'] = '10.0.3.77')" if attribute_rule else ""
spark = (SparkSession.builder.master(f"local[{threads}]").config("spark.sql.shuffle.partitions", "8")
         .config("spark.ui.enabled", "false").config("spark.driver.memory", "6g").getOrCreate())
spark.sparkContext.setLogLevel("ERROR")
spark.read.parquet(*files).createOrReplaceTempView("spans")
spark.sql(f"""
    CREATE OR REPLACE TEMP VIEW decided AS
    SELECT TraceId, count(*) AS spans,
           coalesce(bool_or(StatusCode = 'Error'), false)
           OR max(Timestamp + Duration) - min(Timestamp) > 5000000000 OR count(*) > 5000 {rule} AS keep
    FROM spans GROUP BY TraceId""")
traces = spark.sql("SELECT TraceId, spans, coalesce(keep, false) AS keep FROM decided").cache()
traces.createOrReplaceTempView("traces")
count, kept, spans = traces.selectExpr("count(*)", "count_if(keep)", "sum(if(keep, spans, 0))").first()
(spark.sql("SELECT * FROM spans LEFT SEMI JOIN (SELECT TraceId FROM traces WHERE keep) USING (TraceId)")
 .write.mode("overwrite").option("compression", "zstd").parquet(out))
ids = sorted(row[0] for row in traces.where("keep").select("TraceId").collect())
written = spark.read.parquet(out).count()
print(json.dumps({"traces": count, "kept_traces": kept, "kept_spans": spans, "written_spans": written, "ids": ids}))
