package dev.tailsampling.config;

/** Keys under {@code storage}: where spans are read from. */
public record StorageConfig(
        @Setting(doc = "Where spans wait for the decision.",
                key = "storage_type", standard = "iceberg") StorageType storageType,
        @Section("iceberg") IcebergConfig iceberg) {

    /** Where spans wait for the decision. */
    public enum StorageType {
        /** In a table. */
        ICEBERG,
        /** In this process. */
        MEMORY
    }
}
