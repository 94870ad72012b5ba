"""Times `tss scan` and its peers on the same files, as whole processes, in turns; checks that they agree."""
import argparse
import datetime
import glob
import hashlib
import json
import os
import pathlib
import platform
import shlex
import shutil
import statistics
import subprocess
import sys

import measure

ROOT = pathlib.Path(__file__).resolve().parents[2]
TSS = ROOT / "scripts" / "tss"
PEERS = ROOT / "scripts" / "bench" / "peers"
DOCUMENT = ROOT / "docs" / "PERFORMANCE.md"
SPANS_PER_TRACE = 75
RULE = "{name: peer, type: match, match: {any_span: {span: [{key: net.peer.ip, op: eq, value: 10.0.3.77}]}}}"
POLICIES = """policies:
  - {name: errors, type: status_code, status_code: {status_codes: [ERROR]}}
  - {name: slow, type: latency, latency: {threshold_ms: 5000}}
  - {name: large, type: span_count, span_count: {min_spans: 5001}}
"""
# All of a trace is decided at once, at the end, as GROUP BY does it.
WHOLE_TRACES = {
    "TSS_APP_INACTIVITY_TIMEOUT_SECS": "100000000",
    "TSS_APP_MAX_TRACE_DURATION_SECS": "100000000",
    "TSS_REDIS_TRACE_TTL_SECS": "100000000",
    "TSS_STORAGE_ICEBERG_IDLE_ADVANCE": "false",
}


def arguments():
    parser = argparse.ArgumentParser(prog="scripts/bench/scan", description=__doc__)
    parser.add_argument("--directory", type=pathlib.Path, help=argparse.SUPPRESS)
    parser.add_argument("--spans", type=float, nargs="+", default=[1, 3], metavar="MILLIONS",
                        help="sizes of the tables in millions of spans (default 1 3)")
    parser.add_argument("--layouts", nargs="+", choices=["raw", "clickhouse"], default=["raw", "clickhouse"])
    parser.add_argument("--profile", default="mixed", help="of tss generate: mixed, attributes, ... (default mixed)")
    parser.add_argument("--runs", type=int, default=3, help="measured runs of each side (default 3)")
    parser.add_argument("--heap", default="1g", help="-Xmx of tss (default 1g)")
    parser.add_argument("--in-flight", type=int, default=256 << 20, metavar="BYTES",
                        help="export.max_bytes_in_flight of tss (default 256 MiB)")
    parser.add_argument("--warm", type=int, default=5, metavar="PASSES",
                        help="passes in one JVM, 0 for none (default 5)")
    parser.add_argument("--no-attribute-rule", action="store_true", help="leave the rule on net.peer.ip out")
    parser.add_argument("--spark", action="store_true", help="Spark SQL as a peer for the flattened layout")
    parser.add_argument("--foreign", choices=["snappy", "gzip", "none", "plain-ids", "one-row-group", "duckdb"],
                        help="measure on the same rows as another writer has written them")
    parser.add_argument("--write", action="store_true", help="write the tables into docs/PERFORMANCE.md")
    options = parser.parse_args()
    if options.runs < 1:
        parser.error("--runs must be at least 1")
    return options


def tss(*command, environment=None):
    subprocess.run([TSS, *command], check=True, env={**os.environ, **(environment or {})}, stdout=subprocess.DEVNULL)


class Table:
    """One generated table, in a home folder of its own."""

    def __init__(self, options, layout, millions):
        self.layout = layout
        self.name = "default.spans"
        self.home = options.directory / f"{options.profile}-{millions:g}m-{layout}"
        if not (self.home / "complete").exists():
            shutil.rmtree(self.home, ignore_errors=True)
            print(f"Generating {millions:g} million spans into {self.home} ...", file=sys.stderr)
            tss("generate", "--traces", str(round(millions * 1e6 / SPANS_PER_TRACE)), "--seed", "7", "--profile",
                options.profile, "--error-share", "0.03", "--table", self.name, "--layout", layout,
                environment={"TSS_HOME": str(self.home)})
            (self.home / "complete").touch()
        if options.foreign:
            self.name = "default." + options.foreign.replace("-", "_")
            if not self.files():
                subprocess.run([sys.executable, ROOT / "scripts/bench/rewrite.py", options.foreign, self.home,
                                *self.files("default.spans")], check=True)

    def files(self, name=None):
        """The data files. Nobody rewrites these tables, so all that are there are live."""
        folder = self.home / "warehouse" / (name or self.name).replace(".", "/")
        return sorted(glob.glob(f"{folder}/**/*.parquet", recursive=True))

    def size(self):
        return sum(os.path.getsize(file) for file in self.files())


class Ours:
    name = "tss"

    def __init__(self, table, options):
        self.table, self.options = table, options
        self.policies = table.home / "policies.yaml"
        self.policies.write_text(POLICIES + ("" if options.no_attribute_rule else f"  - {RULE}\n"))
        self.out = table.home / "kept.jsonl"

    def environment(self, run):
        return {**WHOLE_TRACES, "TSS_HOME": str(self.table.home), "TSS_JAVA_OPTS": f"-Xmx{self.options.heap}",
                "TSS_STORAGE_ICEBERG_NAMESPACE": f"run_{run}",
                "TSS_EXPORT_MAX_BYTES_IN_FLIGHT": str(self.options.in_flight)}

    def scan(self):
        return ["scan", "--once", "--drain", "--table", self.table.name, "--policies", str(self.policies),
                "--export-file", str(self.out), "--output", "json"]

    def forget(self):
        """Each run begins anew: without decisions of earlier ones, and with an empty file."""
        for file in [*self.table.home.glob("state.db*"), self.out]:
            file.unlink(missing_ok=True)

    def run(self, number):
        self.forget()
        run = f"{datetime.datetime.now():%Y%m%d%H%M%S}_{number}"
        report_file = self.table.home / "report.json"
        cost = measure.run([TSS, *self.scan()], report_file, self.environment(run))
        report = json.loads(report_file.read_text())
        ids_file = self.table.home / "ids.jsonl"
        measure.run([TSS, "decisions", "--outcome", "SAMPLED", "--output", "json"], ids_file, self.environment(run))
        with open(ids_file) as lines:
            ids = [json.loads(line)["trace_id"] for line in lines]
        return cost, {"traces": report["traces_completed"], "kept_traces": report["traces_sampled"],
                      "kept_spans": report["spans_sampled"], "written_spans": report["spans_exported"], "ids": ids,
                      "spans": report["spans_read"],
                      "note": f"read {report['read_millis'] / 1000:.1f} s, decide {report['decide_millis'] / 1000:.1f} "
                              f"s, export {report['export_millis'] / 1000:.1f} s"}

    def warm(self, passes):
        """CPU seconds of each pass in one JVM."""
        self.forget()
        out = self.table.home / "passes.txt"
        classes = ":".join(map(str, [ROOT / "target/test-classes", ROOT / "target/classes",
                                     *sorted((ROOT / "target/lib").glob("*.jar"))]))
        java = subprocess.run([ROOT / "scripts/java-home"], check=True, capture_output=True, text=True).stdout.strip()
        measure.run([f"{java}/bin/java", f"-Xmx{self.options.heap}", "-XX:+UseParallelGC",
                     "--enable-native-access=ALL-UNNAMED", "-cp", classes, "dev.tailsampling.cli.ScanPasses",
                     str(passes), *self.scan()], out, self.environment("warm"))
        return [float(line.split()[1]) for line in out.read_text().splitlines() if line.startswith("pass ")]


class Peer:
    def __init__(self, name, script, out, table, options):
        self.name, self.script, self.table, self.options = name, script, table, options
        self.out = out if out == ":memory:" else table.home / out

    def run(self, number):
        output = self.table.home / "peer.json"
        rule = ["--no-attribute-rule"] if self.options.no_attribute_rule else []
        cost = measure.run([sys.executable, PEERS / self.script, self.out, str(os.cpu_count()), *rule,
                            *self.table.files()], output)
        result = json.loads(output.read_text().splitlines()[-1])
        phases = [f"{phase.replace('_', ' ')} {result[phase + '_cpu']:.1f} CPU s" for phase in ("phase_1", "phase_2")
                  if phase + "_cpu" in result]
        return cost, {**result, "note": ", ".join(phases)}


def contenders(table, options):
    yield Ours(table, options)
    if table.layout == "clickhouse":
        yield Peer("DuckDB to Parquet", "duckdb_spans.py", "duckdb.parquet", table, options)
        yield Peer("DuckDB to memory", "duckdb_spans.py", ":memory:", table, options)
        if options.spark:
            subprocess.run([sys.executable, "-m", "pip", "-q", "install", "pyspark==4.1.4"], check=True)
            yield Peer("Spark SQL", "spark_spans.py", "spark.parquet", table, options)
    else:
        yield Peer("Python, upb", "python_raw.py", "python.otlp", table, options)


def answer(result):
    """What all sides have to agree on."""
    ids = hashlib.sha256("\n".join(sorted(result["ids"])).encode()).hexdigest()[:16]
    return (f"{result['traces']:,} traces, {result['kept_traces']:,} kept with {result['kept_spans']:,} spans, "
            f"{result['written_spans']:,} written, ids {ids}")


def measure_table(table, options):
    sides = list(contenders(table, options))
    costs = {side.name: [] for side in sides}
    answers, spans = {}, 0
    for number in range(options.runs + 1):
        for side in sides:
            cost, result = side.run(number)
            answers.setdefault(answer(result), []).append(f"{side.name} in run {number}")
            spans = result.get("spans", spans)
            print(f"{'warm-up' if number == 0 else number} {side.name}: CPU {cost.cpu:.2f} s, wall {cost.wall:.2f} s, "
                  f"RSS {cost.rss >> 20} MB, read {cost.read >> 20} MB ({result['note']})", file=sys.stderr)
            # The first turn warms the page cache.
            if number > 0:
                costs[side.name].append(cost)
    if len(answers) != 1:
        raise SystemExit(f"WRONG: the sides do not agree on {table.home}: {json.dumps(answers, indent=2)}")
    warm = sides[0].warm(options.warm) if options.warm else []
    return spans, next(iter(answers)), costs, warm


def spread(values):
    return f"{statistics.median(values):.2f} ({min(values):.2f}–{max(values):.2f})"


def report(table, options, spans, agreed, costs, warm):
    ours = statistics.median(cost.cpu for cost in costs["tss"])
    lines = [f"{spans:,} spans, layout `{table.layout}`, profile `{options.profile}`"
             + (f", rewritten as `{options.foreign}`" if options.foreign else "")
             + f", {len(table.files())} files of {table.size() / 1e6:,.0f} MB, "
             + ("without" if options.no_attribute_rule else "with") + " the attribute rule. All sides: " + agreed + ".",
             "", "| side | CPU s: median (min–max) | CPU s per million spans | wall s | peak RSS MB | read MB | CPU, side ÷ tss |",
             "| --- | --- | --- | --- | --- | --- | --- |"]
    for name, runs in costs.items():
        cpu = statistics.median(cost.cpu for cost in runs)
        lines.append(f"| {name}, cold | {spread([cost.cpu for cost in runs])} | {cpu / spans * 1e6:.2f} | "
                     f"{spread([cost.wall for cost in runs])} | {max(cost.rss for cost in runs) / 1e6:,.0f} | "
                     f"{statistics.median(cost.read for cost in runs) / 1e6:,.0f} | {cpu / ours:.2f} |")
    if len(warm) > 1:
        later = warm[len(warm) // 2:]
        lines.append(f"| tss, warm (passes {len(warm) // 2 + 1} to {len(warm)} in one JVM) | {spread(later)} | "
                     f"{statistics.median(later) / spans * 1e6:.2f} | | | | {statistics.median(later) / ours:.2f} |")
    return "\n".join(lines) + "\n"


def machine():
    with open("/proc/cpuinfo") as cpu:
        models = [line.split(":")[1].strip() for line in cpu if line.startswith("model name")]
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
    return f"{os.cpu_count()} × {models[0] if models else platform.machine()}, {memory:.0f} GB"


def write(text):
    """Puts the text between the markers of the document."""
    begin, end = "<!-- scripts/bench/scan: begin -->", "<!-- scripts/bench/scan: end -->"
    document = DOCUMENT.read_text()
    if begin not in document or end not in document:
        raise SystemExit(f"{DOCUMENT} has no markers {begin} and {end}")
    before, rest = document.split(begin, 1)
    DOCUMENT.write_text(before + begin + "\n\n" + text + "\n" + end + rest.split(end, 1)[1])


def main():
    options = arguments()
    command = shlex.join(["scripts/bench/scan", *(a for i, a in enumerate(sys.argv[1:], 1)
                                                  if "--directory" not in (a, sys.argv[i - 1]))])
    if options.warm:
        subprocess.run(["mvn", "-B", "-ntp", "-q", "-Pbench", "-Dquick", "-DskipTests", "test-compile"], cwd=ROOT,
                       check=True)
    load = os.getloadavg()[0]
    sections = [f"{datetime.date.today()}, {machine()}, load average {load:.1f} at the beginning, {options.runs} runs "
                f"each in turns, heap {options.heap}.\n\n```sh\n{command}\n```\n"]
    for millions in options.spans:
        for layout in options.layouts:
            table = Table(options, layout, millions)
            sections.append(report(table, options, *measure_table(table, options)))
    text = "\n".join(sections)
    print(text)
    if options.write:
        write(text)


if __name__ == "__main__":
    main()
