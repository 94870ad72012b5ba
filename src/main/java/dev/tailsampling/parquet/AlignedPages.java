package dev.tailsampling.parquet;

/** Pages that begin and end with a row. Those whose number of rows is known without their levels can be passed by. */
final class AlignedPages implements Pages {

    /** How far the current page is decoded. */
    private enum State {
        /** There is none. */
        LEFT,
        /** Its header is read. */
        FOUND,
        /** It is decompressed and its levels are decoded. */
        OPEN, DECODED
    }

    private final PageSource source;
    private final PageRows pageRows;
    private final PageDecoder decoder;
    private final RawPage raw = new RawPage();
    private final ColumnPage page;
    /** True if the source stands at a page that was not handed out yet. */
    private boolean found;
    private State state = State.LEFT;
    private int valuesFrom;
    /** Of the current page; negative if that takes its levels to tell. */
    private int knownRows;

    /** @param found whether {@code source} stands at the first page already */
    AlignedPages(PageSource source, PageRows pageRows, boolean found) {
        this.source = source;
        this.pageRows = pageRows;
        this.decoder = new PageDecoder(source.chunk(), source.libraryUse());
        this.page = new ColumnPage(source.chunk().leaf());
        this.found = found;
    }

    @Override
    public int advance(boolean skipping) {
        int rows = 0;
        while (rows == 0) {
            if (state == State.FOUND) {
                source.skip();
            }
            state = State.LEFT;
            if (!found && !source.next()) {
                return 0;
            }
            found = false;
            state = State.FOUND;
            rows = rows(skipping);
        }
        return rows;
    }

    @Override
    public ColumnPage page() {
        if (state == State.FOUND) {
            open();
        }
        if (state == State.OPEN) {
            decoder.values(raw, valuesFrom, page, source.dictionary());
            state = State.DECODED;
        }
        return page;
    }

    private int rows(boolean skipping) {
        knownRows = pageRows.of(source.header(), source.ordinal(), skipping);
        if (knownRows >= 0) {
            return knownRows;
        }
        open();
        return page.rowCount();
    }

    private void open() {
        Place place = source.chunk().place();
        source.load(raw);
        valuesFrom = decoder.levels(raw, page);
        place.require(!page.continuesRow(), "a page begins within a row, which the file's index denies");
        place.require(knownRows < 0 || knownRows == page.rowCount(),
                "a page has " + page.rowCount() + " rows, the file claims " + knownRows);
        state = State.OPEN;
    }
}
