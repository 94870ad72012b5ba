package dev.tailsampling.cli;

import dev.tailsampling.config.IcebergConfig;
import dev.tailsampling.config.SelectorConfig;
import dev.tailsampling.lake.TablePattern;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * What an instance is to do.
 *
 * @param topic what it samples as spans come; empty if nothing
 * @param tables what it samples on a schedule
 * @param policies where its policies come from
 * @param export where kept traces go
 * @param interval pause between two cycles of a table that nothing else is said of
 * @param console shows progress
 */
record ServicePlan(Optional<TopicPlan> topic, SampledTables tables, PolicySource policies, ExportOptions export,
        Duration interval,
        Console console) {

    /** Pause between two cycles of a table. */
    Duration restOf(String table, SelectorConfig config) {
        IcebergConfig iceberg = config.storage().iceberg();
        return iceberg.tableIntervals().entrySet().stream()
                .filter(entry -> TablePattern.of(entry.getKey()).matches(table)).map(Map.Entry::getValue).findFirst()
                .orElse(interval);
    }

    /** How many cycles may run at the same time. */
    int concurrentCycles() {
        return Math.max(1, tables.count(Runtime.getRuntime().availableProcessors()));
    }

    /** Whether a failure of one table must not end the others. */
    TableRunner.Company company() {
        return topic.isPresent() || tables.several() ? TableRunner.Company.OTHERS : TableRunner.Company.ALONE;
    }

    /** The progress of several tables would overwrite each other. */
    Console progress() {
        return tables.several() ? Console.silent() : console;
    }
}
