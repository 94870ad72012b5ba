/** Commands: arguments, wiring, progress and output. Everything that decides lives below. */
@NullMarked
package dev.tailsampling.cli;

import org.jspecify.annotations.NullMarked;
