package dev.tailsampling.parquet;

/** The pages of a column chunk as pages of whole rows. */
sealed interface Pages permits AlignedPages, SplitPages {

    /**
     * Leaves the current page, goes to the next one that has rows and says how many; 0 at the end of the chunk.
     *
     * @param skipping true if its first rows are not wanted, so that it may pay to look up how many it has
     */
    int advance(boolean skipping);

    /** The current page, decoded on first use. */
    ColumnPage page();
}
