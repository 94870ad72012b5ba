"""Times `tss run` on a Kafka topic, and the Collector's tail_sampling beside it; checks which traces were kept."""
import argparse
import datetime
import json
import os
import pathlib
import re
import shutil
import signal
import statistics
import subprocess
import sys
import time
import urllib.request

import fastpath_truth
import measure

ROOT = pathlib.Path(__file__).resolve().parents[2]
TSS = ROOT / "scripts" / "tss"
LOADS = ["real-mixed", "real-keyed", "synth"]
METRICS_PORT, COLLECTOR_PORT = 19464, 18888
SETTLED_SECONDS = 5
POLICIES = """policies:
  - {name: errors, type: status_code, status_code: {status_codes: [ERROR]}}
  - {name: slow, type: latency, latency: {threshold_ms: %d}}
  - {name: some, type: probabilistic, probabilistic: {sampling_percentage: %g}}
""" % (fastpath_truth.SLOW_MILLIS, fastpath_truth.PERCENTAGE)
OURS = """app: {{inactivity_timeout_secs: {wait}, max_trace_duration_secs: 3600, max_buffer_spans: 10000000, max_buffer_traces: 1000000}}
kafka:
  enabled: true
  brokers: {brokers}
  input_topic: {topic}
  consumer_group: {group}
  auto_offset_reset: earliest
  keyed_by_trace_id: {keyed}
  max_buffer_bytes: {buffer}
  hand_over_after_secs: 3600
storage: {{storage_type: memory}}
sampling: {{policies_file: {policies}}}
export: {{file: {{path: {out}}}}}
observability: {{metrics_port: {port}, metrics_addr: 127.0.0.1, health_port: 0, json_logging: false, log_level: warn}}
"""
COLLECTOR = """receivers:
  kafka:
    brokers: [{brokers}]
    group_id: {group}
    initial_offset: earliest
    max_fetch_size: 8388608
    max_partition_fetch_size: 8388608
    traces: {{topics: [{topic}], encoding: otlp_proto}}
processors:
  tail_sampling:
    decision_wait: {wait}s
    num_traces: 500000
    policies:
      - {{name: errors, type: status_code, status_code: {{status_codes: [ERROR]}}}}
      - {{name: slow, type: latency, latency: {{threshold_ms: %d}}}}
      - {{name: some, type: probabilistic, probabilistic: {{sampling_percentage: %g}}}}
exporters: {{nop: {{}}}}
service:
  pipelines: {{traces: {{receivers: [kafka], processors: [{processors}], exporters: [nop]}}}}
  telemetry:
    logs: {{level: warn}}
    metrics:
      level: detailed
      readers: [{{pull: {{exporter: {{prometheus: {{host: 127.0.0.1, port: {port}}}}}}}}}]
""" % (fastpath_truth.SLOW_MILLIS, fastpath_truth.PERCENTAGE)


def arguments():
    parser = argparse.ArgumentParser(prog="scripts/bench/fastpath", description=__doc__)
    parser.add_argument("--directory", type=pathlib.Path, help=argparse.SUPPRESS)
    parser.add_argument("--loads", nargs="+", choices=LOADS, default=LOADS)
    parser.add_argument("--spans", type=float, default=1, metavar="MILLIONS", help="spans of each load (default 1)")
    parser.add_argument("--real", type=pathlib.Path, default=ROOT / "examples/real", metavar="FOLDER",
                        help="real traces that the loads real-* repeat, NAME.otlp.jsonl.gz (default examples/real)")
    parser.add_argument("--runs", type=int, default=3, help="measured runs of each side, in turns (default 3)")
    parser.add_argument("--wait", type=int, default=10, metavar="SECONDS",
                        help="inactivity of ours and decision_wait of the Collector (default 10)")
    parser.add_argument("--heap", default="1g", help="-Xmx of tss (default 1g)")
    parser.add_argument("--buffer", type=int, default=0, metavar="BYTES", help="kafka.max_buffer_bytes (default 0)")
    parser.add_argument("--patience", type=int, default=600, metavar="SECONDS", help="longest run (default 600)")
    parser.add_argument("--only-load", action="store_true", help="make the loads and what is to be kept, run nothing")
    options = parser.parse_args()
    if options.runs < 1:
        parser.error("--runs must be at least 1")
    return options


def java(options, main, *arguments, **keywords):
    home = subprocess.run([ROOT / "scripts/java-home"], check=True, capture_output=True, text=True).stdout.strip()
    classes = ":".join([str(ROOT / "target/test-classes"), str(ROOT / "target/classes"),
                        (options.directory / "classpath.txt").read_text().strip()])
    return subprocess.Popen([f"{home}/bin/java", "-Xmx2g", "--enable-native-access=ALL-UNNAMED", "-cp", classes,
                             f"dev.tailsampling.stream.{main}", *map(str, arguments)], text=True, **keywords)


def load_file(options, load):
    real = f"-{options.real.resolve().name}" if load != "synth" else ""
    file = options.directory / f"{load}{real}-{options.spans:g}m.records"
    if not file.exists():
        print(f"Making {file} ...", file=sys.stderr)
        if java(options, "BenchLoad", file, load, round(options.spans * 1e6), options.real, stdout=sys.stderr).wait():
            raise SystemExit(f"{file} could not be made")
    return file


class Broker:
    """A broker with all loads, each in a topic of its name."""

    def __init__(self, options, files):
        pairs = [argument for load, file in files.items() for argument in (load, file)]
        self.process = java(options, "BenchTopic", *pairs, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        for line in self.process.stdout:
            if line.startswith("ready "):
                self.address = line.split()[1]
                return
        raise SystemExit("the broker did not start")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.wait(60)


def metrics(port):
    """Sums over all labels, by name; empty while nobody answers."""
    sums = {}
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=5) as answer:
            for line in answer.read().decode().splitlines():
                if not line.startswith("#") and (match := re.fullmatch(r"(\w+)(\{.*\})? (\S+)( \d+)?", line)):
                    sums[match[1]] = sums.get(match[1], 0) + float(match[3])
                    if 'sampled="true"' in (match[2] or ""):
                        sums[match[1] + ":true"] = sums.get(match[1] + ":true", 0) + float(match[3])
    except OSError:
        pass
    return sums


def await_that(condition, process, patience, what):
    end = time.monotonic() + patience
    while not condition():
        if process.poll() is not None:
            raise SystemExit(f"{what}: the process ended with {process.returncode}")
        if time.monotonic() > end:
            process.kill()
            raise SystemExit(f"{what}: not within {patience} s")
        time.sleep(0.2)


class Ours:
    name = "tss"

    def __init__(self, options):
        self.options = options

    def run(self, load, truth, brokers, number):
        home = self.options.directory / "fastpath-home"
        shutil.rmtree(home, ignore_errors=True)
        home.mkdir()
        out, config = home / "kept.jsonl", home / "tss.yaml"
        (home / "policies.yaml").write_text(POLICIES)
        config.write_text(OURS.format(wait=self.options.wait, brokers=brokers, topic=load, out=out,
                                      group=f"tss-{load}-{os.getpid()}-{number}", buffer=self.options.buffer,
                                      keyed=str(load == "real-keyed").lower(), policies=home / "policies.yaml",
                                      port=METRICS_PORT))
        with measure.Watched([TSS, "run", "--config", config], home / "log",
                             {"TSS_HOME": str(home), "TSS_JAVA_OPTS": f"-Xmx{self.options.heap}"}) as watched:
            await_that(lambda: self.has_read(truth["spans"]), watched.process, self.options.patience, f"tss consumes {load}")
            consumed = watched.so_far()
            self.await_quiet(out)
            watched.stop(signal.SIGTERM)
        kept = kept_ids(out)
        return consumed, watched.cost, check_ours(kept, truth)

    def has_read(self, spans):
        """A lag of 0 alone says nothing: it is there before the first fetch."""
        seen = metrics(METRICS_PORT)
        read = seen.get("spans_ingested_total", 0) + seen.get("tail_sampling_spans_late_total", 0)
        return seen.get("kafka_consumer_lag") == 0 and read >= spans

    def await_quiet(self, out):
        """The last traces are decided when they have been quiet for long enough, and then written."""
        since, size = time.monotonic(), -1
        while time.monotonic() - since < SETTLED_SECONDS:
            time.sleep(1)
            now = out.stat().st_size if out.exists() else 0
            if now != size or metrics(METRICS_PORT).get("buffer_traces_current"):
                since, size = time.monotonic(), now


def kept_ids(file):
    """How often each span of each trace was written."""
    spans = {}
    with open(file) as lines:
        for line in lines:
            for resource in json.loads(line)["resourceSpans"]:
                for scope in resource["scopeSpans"]:
                    for span in scope["spans"]:
                        of = spans.setdefault(span["traceId"], {})
                        key = (span["spanId"], span.get("kind"), span["startTimeUnixNano"])
                        of[key] = of.get(key, 0) + 1
    return spans


def check_ours(kept, truth):
    wanted = set().union(*truth["by"].values())
    wrong = [f"{len(wanted - kept.keys())} traces are missing" if wanted - kept.keys() else "",
             f"{len(kept.keys() - wanted)} traces are too many" if kept.keys() - wanted else ""]
    spans = sum(sum(of.values()) for of in kept.values())
    if spans != truth["kept_spans"]:
        wrong.append(f"{spans:,} spans instead of {truth['kept_spans']:,}")
    wrong = [what for what in wrong if what]
    return f"kept {len(kept):,} traces, {spans:,} spans: " + ("exactly right" if not wrong else "WRONG, " + ", ".join(wrong))


class Collector:
    def __init__(self, options, binary, sampling):
        self.options, self.binary, self.sampling = options, binary, sampling
        self.name = "Collector, tail_sampling" if sampling else "Collector, receiver only"

    def run(self, load, truth, brokers, number):
        home = self.options.directory / "collector-home"
        shutil.rmtree(home, ignore_errors=True)
        home.mkdir()
        config = home / "otelcol.yaml"
        config.write_text(COLLECTOR.format(wait=self.options.wait, brokers=brokers, topic=load, port=COLLECTOR_PORT,
                                           group=f"otelcol-{load}-{os.getpid()}-{number}-{self.sampling}",
                                           processors="tail_sampling" if self.sampling else ""))
        with measure.Watched([self.binary, "--config", config], home / "log", {}) as watched:
            await_that(lambda: self.metric("otelcol_receiver_accepted_spans") >= truth["spans"], watched.process,
                       self.options.patience, f"the Collector consumes {load}")
            consumed = watched.so_far()
            time.sleep(self.options.wait + 5 if self.sampling else 1)
            kept = self.metric("otelcol_processor_tail_sampling_global_count_traces_sampled", ":true")
            watched.stop(signal.SIGTERM)
        return consumed, watched.cost, self.check(kept, truth)

    @staticmethod
    def metric(name, label=""):
        seen = metrics(COLLECTOR_PORT)
        return max(seen.get(name + label, 0), seen.get(name + "_total" + label, 0))

    def check(self, kept, truth):
        """Its probabilistic policy hashes ids in a way of its own, so that only the others can be counted beforehand."""
        if not self.sampling:
            return ""
        certain = set(truth["by"]["errors"]) | set(truth["by"]["slow"])
        expected = len(certain) + (truth["traces"] - len(certain)) * fastpath_truth.PERCENTAGE / 100
        return f"kept {kept:,.0f} traces, about {expected:,.0f} are right"


def sides(options):
    yield Ours(options)
    if binary := os.environ.get("OTELCOL"):
        yield Collector(options, binary, True)
        yield Collector(options, binary, False)
    else:
        print("Without the Collector: $OTELCOL names none.", file=sys.stderr)


def spread(values):
    return f"{statistics.median(values):.2f} ({min(values):.2f}–{max(values):.2f})"


def measure_load(options, load, truth, brokers):
    print(f"\n{load}: {truth['spans']:,} spans of {truth['span_bytes'] / truth['spans']:.0f} bytes, {truth['traces']:,} "
          f"traces; " + ", ".join(f"{name} {len(ids):,}" for name, ids in truth["by"].items())
          + f"; {truth['kept_spans'] / truth['spans']:.1%} of the spans are kept\n")
    costs, notes = {}, {}
    for number in range(1, options.runs + 1):
        for side in sides(options):
            consumed, whole, note = side.run(load, truth, brokers, number)
            print(f"{load} {number} {side.name}: CPU {consumed.cpu:.2f} s until all was read after {consumed.wall:.1f} s, "
                  f"{whole.cpu:.2f} s in all, RSS {whole.rss >> 20} MB; {note}", file=sys.stderr)
            costs.setdefault(side.name, []).append((consumed, whole))
            notes.setdefault(side.name, set()).add(note)
    print("| side | CPU s per million spans, to the end | until all was read | K spans per CPU s | K spans/s | peak RSS MB | kept |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    millions = truth["spans"] / 1e6
    for name, runs in costs.items():
        print(f"| {name} | {spread([whole.cpu / millions for _, whole in runs])} | "
              f"{spread([consumed.cpu / millions for consumed, _ in runs])} | "
              f"{truth['spans'] / 1000 / statistics.median(whole.cpu for _, whole in runs):,.0f} | "
              f"{truth['spans'] / 1000 / statistics.median(consumed.wall for consumed, _ in runs):,.0f} | "
              f"{max(whole.rss for _, whole in runs) / 1e6:,.0f} | {'; '.join(sorted(notes[name]))} |")
    return not any("WRONG" in note for of in notes.values() for note in of)


def main():
    options = arguments()
    files = {load: load_file(options, load) for load in options.loads}
    truths = {load: fastpath_truth.of(file) for load, file in files.items()}
    if options.only_load:
        for load, truth in truths.items():
            print(load, {name: value if name != "by" else {k: len(v) for k, v in value.items()}
                         for name, value in truth.items()})
        return
    print(f"{datetime.date.today()}, {os.cpu_count()} processors, load average {os.getloadavg()[0]:.1f} at the beginning, "
          f"{options.runs} runs each in turns, heap {options.heap}, wait {options.wait} s.")
    with Broker(options, files) as broker:
        right = [measure_load(options, load, truths[load], broker.address) for load in options.loads]
    if not all(right):
        raise SystemExit("WRONG: not the traces that are to be kept")


if __name__ == "__main__":
    main()
