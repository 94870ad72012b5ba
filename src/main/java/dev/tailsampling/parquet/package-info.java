/**
 * Reads columns of Parquet files: pages are decompressed into reused arrays and decoded in bulk, without an object per value. What it
 * does not decode itself goes through parquet-java, column chunk by column chunk, and is counted. All lengths, counts and offsets that a
 * file claims are checked before they are used. Bytes come through {@link dev.tailsampling.parquet.FileBytes}; nothing here opens a file.
 */
@NullMarked
package dev.tailsampling.parquet;

import org.jspecify.annotations.NullMarked;
