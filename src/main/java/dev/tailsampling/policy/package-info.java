/**
 * Sampling policies in three forms: what a user wrote ({@link dev.tailsampling.policy.SamplingPolicy}), what must be seen
 * on a span ({@link dev.tailsampling.policy.SpanCondition}, folded into a mergeable
 * {@link dev.tailsampling.policy.TraceSummary}), and what is decided from the summary
 * ({@link dev.tailsampling.policy.CompiledPolicies}). Pure: no I/O, no clock.
 */
@NullMarked
package dev.tailsampling.policy;

import org.jspecify.annotations.NullMarked;
