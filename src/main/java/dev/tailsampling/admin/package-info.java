/**
 * What people and machines ask a running selector over HTTP: force rules, decisions, policies, cycles, health, metrics.
 * Helidon and Micrometer are known here only.
 */
@NullMarked
package dev.tailsampling.admin;

import org.jspecify.annotations.NullMarked;
