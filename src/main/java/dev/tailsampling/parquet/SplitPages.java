package dev.tailsampling.parquet;

import org.jspecify.annotations.Nullable;

/**
 * Pages of version 1 of a nested column without an offset index: some writers let a row go on in the next page. So each page is looked at
 * before the one in front of it is handed out, and a row that is split is put together from the pages it is in.
 */
final class SplitPages implements Pages {

    /** A decompressed page with its arrays. */
    private static final class Slot {
        final RawPage raw = new RawPage();
        final ColumnPage page;
        int valuesFrom;
        boolean decoded;

        Slot(Leaf leaf) {
            page = new ColumnPage(leaf);
        }
    }

    private final PageSource source;
    private final PageDecoder decoder;
    private final Place place;
    private final Leaf leaf;
    /** True if the source stands at a page that was not opened yet. */
    private boolean found;
    /** The current page's, unless that was joined. The two slots take turns. */
    private Slot slot;
    private Slot spare;
    /** True if {@link #spare} holds the page after the current one. */
    private boolean hasAhead;
    /** The current page, if it was put together from several. */
    private @Nullable PageJoin joined;
    /** The page after the current one, if it begins with the last row of that. */
    private @Nullable PageJoin joinedAhead;

    /** @param found whether {@code source} stands at the first page already */
    SplitPages(PageSource source, boolean found) {
        this.source = source;
        this.decoder = new PageDecoder(source.chunk(), source.libraryUse());
        this.place = source.chunk().place();
        this.leaf = source.chunk().leaf();
        this.found = found;
        this.slot = new Slot(leaf);
        this.spare = new Slot(leaf);
    }

    @Override
    public int advance(boolean skipping) {
        if (!take()) {
            return 0;
        }
        while (lookAhead() && spare.page.continuesRow()) {
            ColumnPage front = page();
            if (front.rowCount() > 1) {
                splitOff(front);
                break;
            }
            joinAhead(front);
        }
        return joined != null ? joined.page().rowCount() : slot.page.rowCount();
    }

    @Override
    public ColumnPage page() {
        return joined != null ? joined.page() : decoded(slot);
    }

    /** Makes the page after the current one the current one; false if there is none. */
    private boolean take() {
        joined = joinedAhead;
        joinedAhead = null;
        if (joined != null) {
            return true;
        }
        if (!lookAhead()) {
            return false;
        }
        Slot taken = spare;
        spare = slot;
        slot = taken;
        hasAhead = false;
        place.require(!slot.page.continuesRow(), "the first page begins within a row");
        return true;
    }

    /** Opens the page after the current one, unless that is open; false if there is none. */
    private boolean lookAhead() {
        while (!hasAhead && (found || source.next())) {
            found = false;
            source.load(spare.raw);
            spare.valuesFrom = decoder.levels(spare.raw, spare.page);
            spare.decoded = false;
            hasAhead = spare.page.entryCount() > 0;
        }
        return hasAhead;
    }

    /** The last row of the current page goes to the next page. */
    private void splitOff(ColumnPage front) {
        PageJoin rest = new PageJoin(leaf, place);
        rest.append(front, front.entryStart(front.rowCount() - 1));
        rest.append(decoded(spare), 0);
        front.dropLastRow();
        joinedAhead = rest;
        hasAhead = false;
    }

    /** The current page is one row, which goes on in the next page. */
    private void joinAhead(ColumnPage front) {
        PageJoin row = joined;
        if (row == null) {
            row = new PageJoin(leaf, place);
            row.append(front, 0);
        }
        row.append(decoded(spare), 0);
        joined = row;
        hasAhead = false;
    }

    private ColumnPage decoded(Slot of) {
        if (!of.decoded) {
            decoder.values(of.raw, of.valuesFrom, of.page, source.dictionary());
            of.decoded = true;
        }
        return of.page;
    }
}
