/**
 * Spans in any order → traces that went quiet. Holds one {@link dev.tailsampling.policy.TraceSummary} per open trace, and
 * within a limit the bytes of its spans. Pure: time comes in as an argument.
 */
@NullMarked
package dev.tailsampling.assembly;

import org.jspecify.annotations.NullMarked;
