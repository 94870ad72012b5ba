package dev.tailsampling.parquet;

import org.jspecify.annotations.Nullable;

/**
 * Goes over one column of a row group in row order. The usual loop takes {@link #rowsInPage}, reads so many rows of {@link #page} from
 * {@link #rowInPage} on, and skips them. Bytes are read as they are needed. All methods that read throw {@link CorruptFileException}, and
 * what {@link FileBytes} throws; a cursor that has thrown is done. Not thread-safe.
 */
public final class ColumnCursor {

    private final ChunkMeta chunk;
    private final PageSource source;
    private final PageRows pageRows;
    private @Nullable Pages pages;
    private int rowsOfPage;
    private int row;
    /** Rows of the pages up to here, the current one included. */
    private long rowsSeen;

    ColumnCursor(FileBytes file, PageSource source, ReadCounters counters) {
        this.chunk = source.chunk();
        this.source = source;
        this.pageRows = new PageRows(file, chunk, counters);
    }

    /** The column. */
    public Leaf leaf() {
        return chunk.leaf();
    }

    /**
     * Rows left in the current page, the current row included. At its end it moves on to the next page, and whatever {@link #page} gave
     * before becomes invalid. 0 at the end of the row group.
     */
    public int rowsInPage() {
        return row < rowsOfPage ? rowsOfPage - row : advance(false);
    }

    /**
     * Consumes rows. A page none of whose rows is wanted is not decompressed if its number of rows is known without.
     *
     * @throws IllegalArgumentException if there are fewer
     */
    public void skip(long rows) {
        if (rows < 0 || rows > chunk.rows() - rowsSeen + rowsOfPage - row) {
            throw new IllegalArgumentException("cannot skip " + rows + " rows from row "
                    + (rowsSeen - rowsOfPage + row) + " of " + chunk.rows());
        }
        long left = rows;
        while (left > 0) {
            if (row == rowsOfPage) {
                advance(true);
            }
            int step = (int) Math.min(left, rowsOfPage - row);
            row += step;
            left -= step;
        }
    }

    /**
     * The current page, decoded on first use.
     *
     * @throws IllegalStateException before {@link #rowsInPage} has said that there are rows
     */
    public ColumnPage page() {
        if (pages == null || rowsOfPage == 0) {
            throw new IllegalStateException("there is no page: ask rowsInPage() first");
        }
        return pages.page();
    }

    /** The index of the current row in {@link #page()}. */
    public int rowInPage() {
        return row;
    }

    /**
     * The distinct values of this column chunk, if the writer kept a dictionary; reads it. Pages may still hold values themselves:
     * {@link ColumnPage#dictionary()} tells for each page, {@link #isAllByDictionary()} for all.
     */
    public @Nullable Dictionary dictionary() {
        pages();
        return source.dictionary();
    }

    /** True if the file says that every page of the column chunk refers to the dictionary. */
    public boolean isAllByDictionary() {
        var stats = chunk.footer().getEncodingStats();
        return stats != null && stats.hasDictionaryPages() && !stats.hasNonDictionaryEncodedPages();
    }

    private int advance(boolean skipping) {
        row = 0;
        rowsOfPage = 0;
        int rows = pages().advance(skipping);
        place().require(rows > 0 ? rows <= chunk.rows() - rowsSeen : rowsSeen == chunk.rows(),
                "its pages have " + (rowsSeen + rows) + " rows, the row group has " + chunk.rows());
        rowsSeen += rows;
        rowsOfPage = rows;
        return rows;
    }

    /** Whether rows can be split shows with the first page. */
    private Pages pages() {
        if (pages == null) {
            boolean found = source.next();
            boolean aligned = chunk.leaf().isFlat() || !found || source.header().isV2() || pageRows.hasIndex();
            pages = aligned ? new AlignedPages(source, pageRows, found) : new SplitPages(source, found);
        }
        return pages;
    }

    private Place place() {
        return chunk.place();
    }
}
