package dev.tailsampling.parquet;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import org.apache.parquet.format.OffsetIndex;
import org.apache.parquet.format.PageLocation;
import org.apache.parquet.format.Util;
import org.apache.parquet.internal.hadoop.metadata.IndexReference;
import org.jspecify.annotations.Nullable;

/** Tells how many rows a page has without decompressing it, where the file says so; reads the column's offset index if need be. */
final class PageRows {

    static final int UNKNOWN = -1;
    private static final int MAX_INDEX_BYTES = 1 << 26;

    private final FileBytes file;
    private final ChunkMeta chunk;
    private final ReadCounters counters;
    private @Nullable List<PageLocation> locations;

    PageRows(FileBytes file, ChunkMeta chunk, ReadCounters counters) {
        this.file = file;
        this.chunk = chunk;
        this.counters = counters;
    }

    /** True if the column has an offset index; then its pages begin and end with rows. */
    boolean hasIndex() {
        return chunk.footer().getOffsetIndexReference() != null;
    }

    /**
     * The rows of a page, or {@link #UNKNOWN}.
     *
     * @param ordinal of the data page, from 0
     * @param skipping whether it pays to read the offset index
     */
    int of(PageHeader header, int ordinal, boolean skipping) {
        if (chunk.leaf().isFlat()) {
            return header.values;
        }
        if (header.isV2()) {
            return header.rows;
        }
        if (locations == null && skipping && hasIndex()) {
            locations = readIndex(chunk.footer().getOffsetIndexReference());
        }
        return locations == null ? UNKNOWN : of(locations, ordinal);
    }

    private int of(List<PageLocation> pages, int ordinal) {
        chunk.place().require(ordinal < pages.size(), "the offset index has fewer pages than the column");
        long first = pages.get(ordinal).getFirst_row_index();
        long end = ordinal + 1 == pages.size() ? chunk.rows() : pages.get(ordinal + 1).getFirst_row_index();
        chunk.place().require(first >= 0 && first <= end && end <= chunk.rows() && end - first <= Integer.MAX_VALUE,
                "the offset index is not in order of rows");
        return (int) (end - first);
    }

    private List<PageLocation> readIndex(IndexReference reference) {
        Place place = chunk.place();
        int length = reference.getLength();
        place.require(length > 0 && length <= MAX_INDEX_BYTES && reference.getOffset() >= 0
                && reference.getOffset() <= file.length() - length, "the offset index is outside of the file");
        byte[] bytes = new byte[length];
        file.readFully(reference.getOffset(), bytes, 0, length);
        counters.read(length);
        Footer.requireSoundStruct(place, bytes, 0, length);
        try {
            OffsetIndex index = Util.readOffsetIndex(new ByteArrayInputStream(bytes));
            return Objects.requireNonNull(index.getPage_locations(), "no pages");
        } catch (IOException | RuntimeException e) {
            throw place.corrupt("the offset index is damaged", e);
        }
    }
}
