/**
 * Spans in any order → traces that went quiet. Holds one {@link dev.tailsampling.policy.TraceSummary} per open trace and
 * no span. Pure: time comes in as an argument.
 */
@NullMarked
package dev.tailsampling.assembly;

import org.jspecify.annotations.NullMarked;
