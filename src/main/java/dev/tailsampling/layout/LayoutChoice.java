package dev.tailsampling.layout;

import java.util.List;

/** Which layout a table is read with. Immutable. */
public sealed interface LayoutChoice {

    /** The first of these that the table is of. */
    record Detected(List<TableLayout> known) implements LayoutChoice {
        public Detected {
            known = List.copyOf(known);
        }
    }

    /** This one, which the user has named. */
    record Given(TableLayout layout) implements LayoutChoice {}
}
