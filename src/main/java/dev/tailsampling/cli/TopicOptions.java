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

    Keys keys() {
        return keys;
    }
}
