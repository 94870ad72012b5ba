package dev.tailsampling.datadog;

import dev.tailsampling.trace.SpanView;
import org.jspecify.annotations.Nullable;

/** Tells to which group of APM stats a span belongs. */
@FunctionalInterface
public interface ApmKeys {

    /** The group; null for a span that is not to be counted. */
    @Nullable
    ApmKey of(SpanView span);
}
