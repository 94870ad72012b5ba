package dev.tailsampling.backfill;

import dev.tailsampling.selector.BackfillSlice;
import dev.tailsampling.selector.SpanHistory.Portion;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Cuts the time that a backfill reads into slices. None reaches over an end of the range. Those after it are short: reading
 * stops as soon as every trace of the range is complete.
 *
 * @param maxBytes a slice has about that many bytes of files at most, but is never shorter than the inactivity timeout
 * @param length length of the slices, null to let the bytes decide
 */
public record SlicePlan(long maxBytes, @Nullable Duration length) {

    private static final int MAX_SLICES = 100_000;
    private static final int MAX_SLICES_AFTER_RANGE = 100;

    public SlicePlan {
        if (maxBytes < 1 || length != null && length.toMillis() < 1) {
            throw new IllegalArgumentException("slices cannot be empty");
        }
    }

    /**
     * The slices of a range over these portions of a table.
     *
     * @throws BackfillException if there are too many
     */
    public List<BackfillSlice> slices(BackfillRange range, List<Portion> portions) {
        BytesOverTime bytes = new BytesOverTime(portions, range.fromMillisInclusive(), range.toMillisExclusive());
        List<BackfillSlice> slices = new ArrayList<>();
        long from = range.fromMillisInclusive();
        while (from < range.allCompleteMillis()) {
            long until = from < range.toMillisExclusive()
                    ? Math.min(range.toMillisExclusive(), endWithin(range, bytes, from))
                    : Math.min(range.allCompleteMillis(), from + lengthAfter(range));
            slices.add(new BackfillSlice(slices.size() + 1, from, until));
            if (slices.size() > MAX_SLICES) {
                throw new BackfillException("the range has more than " + MAX_SLICES
                        + " slices: make --slice longer, or the range shorter");
            }
            from = until;
        }
        return slices;
    }

    private long endWithin(BackfillRange range, BytesOverTime bytes, long from) {
        return length == null
                ? Math.max(from + range.quiet().inactivityTimeoutMillis(), bytes.endOf(from, maxBytes))
                : from + length.toMillis();
    }

    private long lengthAfter(BackfillRange range) {
        long inactivity = range.quiet().inactivityTimeoutMillis();
        long atLeast = Math.ceilDiv(range.allCompleteMillis() - range.toMillisExclusive(), MAX_SLICES_AFTER_RANGE);
        return Math.max(atLeast, length == null ? inactivity : Math.min(inactivity, length.toMillis()));
    }
}
