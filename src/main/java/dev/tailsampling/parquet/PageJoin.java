package dev.tailsampling.parquet;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Puts entries of several pages of a column together, as copies. Ids stay ids as long as all parts have them. */
final class PageJoin {

    private final Place place;
    private final ColumnPage page;
    private @Nullable Dictionary dictionary;
    private int entries;
    private int usedBytes;

    PageJoin(Leaf leaf, Place place) {
        this.place = place;
        this.page = new ColumnPage(leaf);
    }

    /** Appends the entries of {@code part} from {@code from} on. */
    void append(ColumnPage part, int from) {
        int count = part.entryCount() - from;
        place.require(count <= Integer.MAX_VALUE / 2 - entries, "a row has too many entries");
        page.definitions.append(entries, part.definitions, from, part.entryCount());
        page.repetitions.append(entries, part.repetitions, from, part.entryCount());
        Dictionary ids = part.dictionary();
        if (ids != null && (entries == 0 || dictionary != null)) {
            dictionary = ids;
            appendIds(part, from, count, ids);
        } else {
            appendValues(part, from);
        }
        entries += count;
        page.setEntries(entries);
    }

    /** What was put together so far. */
    ColumnPage page() {
        return page;
    }

    private void appendIds(ColumnPage part, int from, int count, Dictionary of) {
        if (page.ids.length < entries + count) {
            page.ids = Arrays.copyOf(page.ids, Math.max(entries + count, 2 * entries));
        }
        System.arraycopy(part.ids, from, page.ids, entries, count);
        page.setIds(of);
    }

    private void appendValues(ColumnPage part, int from) {
        if (dictionary != null) {
            Values of = dictionary.values();
            Values byEntry = new Values(of.kind);
            byEntry.gather(of, page.ids, entries);
            usedBytes = page.values.append(0, 0, byEntry, 0, entries, place);
            dictionary = null;
        }
        usedBytes = page.values.append(entries, usedBytes, part.gathered(), from, part.entryCount(), place);
        page.setPlain();
    }
}
