/**
 * Conditions in the OpenTelemetry Transformation Language (OTTL), as the Collector's {@code ottl_condition} policy takes
 * them: read once into {@link dev.tailsampling.ottl.OttlCondition}, then tested on spans or their events. Pure: no I/O, no
 * clock.
 */
@NullMarked
package dev.tailsampling.ottl;

import org.jspecify.annotations.NullMarked;
