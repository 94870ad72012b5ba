package dev.tailsampling.cli;

import picocli.CommandLine.Option;

/** How messages are laid out in the simulated topic. */
final class TopicOptions {

    /** Whether the collector splits batches by trace ({@code partition_traces_by_id}). */
    enum Keys {
        /** One message per trace and batch, keyed by the trace id. */
        KEYED,
        /** Batches as they are, without a key. */
        UNKEYED
    }

    /** Columns of the table. */
    enum Layout {
        /** As AutoMQ Table Topic writes them: a row for each Kafka record. */
        raw,
        /** Those of the Collector's ClickHouse exporter: a row for each span. */
        clickhouse
    }

    @Option(names = "--layout", paramLabel = "LAYOUT", defaultValue = "raw", description = {
            "Columns of the table: raw, a row for each Kafka record, or clickhouse, a row for each span in the",
            "columns of the Collector's ClickHouse exporter (default: ${DEFAULT-VALUE})."})
    private Layout layout = Layout.raw;

    @Option(names = "--partitions", paramLabel = "N", defaultValue = "4",
            description = "Kafka partitions of the topic (default: ${DEFAULT-VALUE}).")
    private int partitions;

    private Keys keys = Keys.UNKEYED;

    @Option(names = "--keyed", description = "One record per trace and batch, keyed by the trace id.")
    void keyed(boolean chosen) {
        keys = chosen ? Keys.KEYED : keys;
    }

    @Option(names = "--unkeyed", description = "Records as the collector batched them, without a key (the default).")
    void unkeyed(boolean chosen) {
        keys = chosen ? Keys.UNKEYED : keys;
    }

    int partitions() {
        if (partitions < 1) {
            throw new UsageException("--partitions must be at least 1: " + partitions);
        }
        return partitions;
    }

    Layout layout() {
        return layout;
    }

    Keys keys() {
        return keys;
    }
}
