package dev.tailsampling.parquet;

/** {@code length} bytes of a file from {@code position} on. */
public record ByteRange(long position, long length) {}
