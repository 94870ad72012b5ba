"""What a sceptic writes in an afternoon: pyarrow and protobuf's C parser over a raw table, one thread.

usage: python_raw.py OUT THREADS [--no-attribute-rule] FILE...
"""
import json
import sys
import time

import pyarrow.parquet as parquet
from opentelemetry.proto.trace.v1.trace_pb2 import Status, TracesData

out, threads, *files = sys.argv[1:]
attribute_rule = "--no-attribute-rule" not in files
files = [file for file in files if not file.startswith("--")]


def messages():
    for file in files:
        for batch in parquet.ParquetFile(file).iter_batches(1024, columns=["_kafka_value"]):
            for value in batch.column(0):
                yield TracesData.FromString(value.as_py())


def has_peer(span):
    return any(a.key == "net.peer.ip" and a.value.string_value == "10.0.3.77" for a in span.attributes)


began = time.process_time()
traces = {}
for message in messages():
    for resource in message.resource_spans:
        for scope in resource.scope_spans:
            for span in scope.spans:
                trace = traces.get(span.trace_id)
                if trace is None:
                    trace = traces[span.trace_id] = [span.start_time_unix_nano, 0, 0, False]
                trace[0] = min(trace[0], span.start_time_unix_nano)
                trace[1] = max(trace[1], span.end_time_unix_nano)
                trace[2] += 1
                trace[3] = (trace[3] or span.status.code == Status.STATUS_CODE_ERROR
                            or attribute_rule and has_peer(span))
kept = {i: t for i, t in traces.items() if t[3] or t[1] - t[0] > 5_000_000_000 or t[2] > 5000}
decided = time.process_time()
written = 0
with open(out, "wb") as target:
    for message in messages():
        for resource in message.resource_spans:
            for scope in resource.scope_spans:
                if any(span.trace_id not in kept for span in scope.spans):
                    wanted = [span for span in scope.spans if span.trace_id in kept]
                    del scope.spans[:]
                    scope.spans.extend(wanted)
                written += len(scope.spans)
        target.write(message.SerializeToString())
done = time.process_time()
print(json.dumps({"traces": len(traces), "kept_traces": len(kept), "kept_spans": sum(t[2] for t in kept.values()),
                  "written_spans": written, "ids": sorted(i.hex() for i in kept),
                  "phase_1_cpu": decided - began, "phase_2_cpu": done - decided}))
