package dev.tailsampling.config;

import org.jspecify.annotations.Nullable;

/** Keys under {@code export.iceberg}. */
public record IcebergExport(
        @Setting(doc = "Table for the spans of kept traces, made if it is missing, such as sampled_spans.",
                key = "table") @Nullable String table,
        @Setting(doc = "Size of the spans, as OTLP, that make a file of it; so many are held in memory.",
                key = "target_file_bytes", standard = "33554432", min = 1,
                max = 1 << 30) int targetFileBytes) {}
