package dev.tailsampling.config;

import org.jspecify.annotations.Nullable;

/** Keys under {@code export.iceberg}. */
public record IcebergExport(
        @Setting(doc = "Table that takes the spans of kept traces, a row each, made if it is missing; without a dot in "
                + "storage.iceberg.namespace. Such as sampled_spans.",
                key = "table") @Nullable String table,
        @Setting(doc = "Size of the spans, as OTLP, that make a file of it; so many are held in memory.",
                key = "target_file_bytes", standard = "33554432", min = 1,
                max = 1 << 30) int targetFileBytes) {}
