"""Which traces of a load are to be kept, found with protobuf's own parser from the file's records."""
import json
import re
import struct

from opentelemetry.proto.trace.v1.trace_pb2 import Status, TracesData

SLOW_MILLIS = 5000
PERCENTAGE = 1
RANDOMNESS_BITS = 56
# OpenTelemetry's rejection threshold of that percentage: a trace is kept if its randomness is not less.
THRESHOLD = (1 << RANDOMNESS_BITS) - round((1 << RANDOMNESS_BITS) * PERCENTAGE / 100)
HEADER, LENGTH = struct.Struct(">iqH"), struct.Struct(">i")


def values(file):
    """Values of the records (dev.tailsampling.stream.RecordFile)."""
    with open(file, "rb") as records:
        while header := records.read(HEADER.size):
            records.read(HEADER.unpack(header)[2])
            yield records.read(LENGTH.unpack(records.read(LENGTH.size))[0])


def spans(file):
    for value in values(file):
        for resource in TracesData.FromString(value).resource_spans:
            for scope in resource.scope_spans:
                yield from scope.spans


def randomness(span):
    """An explicit one in tracestate, else the low bits of the trace id."""
    explicit = re.search(r"\brv:([0-9a-f]{14})", span.trace_state)
    return int(explicit[1], 16) if explicit else int.from_bytes(span.trace_id[-7:], "big")


def of(file):
    """Facts of the load, with the ids that each policy keeps. They are kept in a file beside it."""
    cached = file.with_suffix(".truth.json")
    if cached.exists() and cached.stat().st_mtime >= file.stat().st_mtime:
        return json.loads(cached.read_text())
    traces, count, size = {}, 0, 0
    for span in spans(file):
        trace = traces.get(span.trace_id)
        if trace is None:
            trace = traces[span.trace_id] = [span.start_time_unix_nano, 0, 0, False, randomness(span)]
        trace[0] = min(trace[0], span.start_time_unix_nano)
        trace[1] = max(trace[1], span.end_time_unix_nano)
        trace[2] += 1
        trace[3] = trace[3] or span.status.code == Status.STATUS_CODE_ERROR
        count += 1
        size += span.ByteSize()
    by = {"errors": [i for i, t in traces.items() if t[3]],
          "slow": [i for i, t in traces.items() if (t[1] - t[0]) // 1_000_000 >= SLOW_MILLIS],
          "some": [i for i, t in traces.items() if t[4] >= THRESHOLD]}
    kept = set().union(*by.values())
    facts = {"spans": count, "traces": len(traces), "span_bytes": size, "kept_spans": sum(traces[i][2] for i in kept),
             "by": {name: sorted(i.hex() for i in ids) for name, ids in by.items()}}
    cached.write_text(json.dumps(facts))
    return facts
