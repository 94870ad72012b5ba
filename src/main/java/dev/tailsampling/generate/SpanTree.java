package dev.tailsampling.generate;

import java.util.Arrays;

/**
 * Spans of one burst: who called whom, when and for what. Spans are numbered in the order of calls, depth first, so a
 * parent precedes its children; a child runs within its parent's time. Reused from burst to burst; not thread-safe.
 */
final class SpanTree {

    /** Deepest call below the top, as in the real traces. */
    private static final int MAX_DEPTH = 15;

    /** How often a span that may have children gets one. */
    private static final double DESCEND = 0.8;

    /** How often, after a span that gets no children, not its parent but one further up goes on. */
    private static final double RETURN_FURTHER = 0.7;

    /** Least part of its parent's time that a call takes. */
    private static final double CALL_PART = 0.25;

    /** Greatest part of its share of the parent's time that a statement takes. */
    private static final double STATEMENT_PART = 0.4;

    private final ServiceCatalog catalog;
    private final int longestRun;
    private int[] parents = new int[0];
    private int[] depths = new int[0];
    private long[] starts = new long[0];
    private long[] ends = new long[0];
    private Operation[] operations = new Operation[0];

    SpanTree(ServiceCatalog catalog, SpanContent.Database database) {
        this.catalog = catalog;
        this.longestRun = database.longestRun();
    }

    /** Grows a tree of {@code count} spans below and including the top. */
    void grow(Operation top, long start, long end, int count, Dice dice) {
        room(count);
        parents[0] = -1;
        depths[0] = 0;
        starts[0] = start;
        ends[0] = end;
        operations[0] = top;
        int next = 1;
        while (next < count) {
            int parent = parentOf(next, dice);
            Operation operation = catalog.within(operations[parent], dice);
            if (operation.isLeaf()) {
                next = addRun(next, Math.min(count, next + dice.between(1, longestRun)), parent, operation, dice);
            } else {
                addCall(next++, parent, operation, dice);
            }
        }
    }

    private int parentOf(int span, Dice dice) {
        int last = span - 1;
        if (last == 0 || !operations[last].isLeaf() && depths[last] < MAX_DEPTH && dice.chance(DESCEND)) {
            return last;
        }
        int ancestor = parents[last];
        while (ancestor > 0 && dice.chance(RETURN_FURTHER)) {
            ancestor = parents[ancestor];
        }
        return ancestor;
    }

    private void addCall(int span, int parent, Operation operation, Dice dice) {
        long available = ends[parent] - starts[parent];
        long length = (long) (available * (CALL_PART + (1 - CALL_PART) * dice.share()));
        long start = starts[parent] + (long) ((available - length) * dice.share());
        add(span, parent, operation, start, start + length);
    }

    /** One statement, or several of the same kind one after the other. */
    private int addRun(int from, int to, int parent, Operation operation, Dice dice) {
        double slice = (double) (ends[parent] - starts[parent]) / (to - from);
        for (int span = from; span < to; span++) {
            long start = starts[parent] + (long) (slice * (span - from) + slice * (1 - STATEMENT_PART) * dice.share());
            add(span, parent, operation, start, start + (long) (slice * STATEMENT_PART * dice.share()));
        }
        return to;
    }

    private void add(int span, int parent, Operation operation, long start, long end) {
        parents[span] = parent;
        depths[span] = depths[parent] + 1;
        starts[span] = start;
        ends[span] = end;
        operations[span] = operation;
    }

    private void room(int count) {
        if (parents.length < count) {
            int capacity = Math.max(count, 2 * parents.length);
            parents = new int[capacity];
            depths = new int[capacity];
            starts = new long[capacity];
            ends = new long[capacity];
            operations = Arrays.copyOf(operations, capacity);
        }
    }

    /** Number within the tree of a span's parent; -1 for the top. */
    int parent(int span) {
        return parents[span];
    }

    long start(int span) {
        return starts[span];
    }

    long end(int span) {
        return ends[span];
    }

    Operation operation(int span) {
        return operations[span];
    }
}
