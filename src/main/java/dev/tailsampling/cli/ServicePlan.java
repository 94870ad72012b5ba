package dev.tailsampling.cli;

import dev.tailsampling.config.IcebergConfig;
import dev.tailsampling.config.SelectorConfig;
import dev.tailsampling.lake.TablePattern;
import java.time.Duration;
import java.util.Map;

/**
 * What an instance is to do.
 *
 * @param tables what it samples
 * @param policies where its policies come from
 * @param export where kept traces go
 * @param interval pause between two cycles of a table that nothing else is said of
 * @param console shows progress
 */
record ServicePlan(SampledTables tables, PolicySource policies, ExportOptions export, Duration interval,
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
        return tables.count(Runtime.getRuntime().availableProcessors());
    }

    /** Whether a failure of one table must not end the others. */
    TableRunner.Company company() {
        return tables.several() ? TableRunner.Company.OTHERS : TableRunner.Company.ALONE;
    }

    /** The progress of several tables would overwrite each other. */
    Console progress() {
        return tables.several() ? Console.silent() : console;
    }
}
