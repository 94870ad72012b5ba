package dev.tailsampling.generate;

import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * All spans of a load in the order in which they reach the batch processor. Holds the spans told and not yet taken, and
 * one small object for each trace in flight. Not thread-safe.
 */
final class SpanTimeline {

    private final TraceStories stories;
    private final PriorityQueue<TraceStory> untold = new PriorityQueue<>();
    private final PriorityQueue<PlannedSpan> told = new PriorityQueue<>();
    private long begun;

    SpanTimeline(TraceLoad load) {
        stories = TraceStories.of(load);
        load.profile().specials().forEach(special -> untold.add(stories.special(special)));
        beginNext();
    }

    /** The services that the spans name. */
    ServiceCatalog catalog() {
        return stories.catalog();
    }

    /** The next span, which stays; null after the last. */
    @Nullable
    PlannedSpan peek() {
        PlannedSpan first = told.peek();
        while (first == null || !untold.isEmpty() && untold.element().nextNanos() < first.readyNanos()) {
            if (untold.isEmpty()) {
                return null;
            }
            tellNext();
            first = told.peek();
        }
        return first;
    }

    /** Takes the span that {@link #peek} showed. */
    void remove() {
        told.remove();
    }

    private void tellNext() {
        TraceStory story = untold.remove();
        boolean begins = story.number() == begun - 1;
        if (begins) {
            beginNext();
        }
        story.tell(told::add);
        if (story.nextNanos() != TraceStory.NEVER) {
            untold.add(story);
        }
    }

    /** Of the traces not yet begun only the first waits among the others, for they begin in their order. */
    private void beginNext() {
        if (begun < stories.load().traces()) {
            untold.add(stories.ordinary(begun++));
        }
    }
}
