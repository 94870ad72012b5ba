/**
 * How tables of spans are laid out: which columns hold what, and how it is encoded. A
 * {@link dev.tailsampling.layout.TableLayout} is data, read from the files in {@code catalog/} or from a user's own; it
 * names columns and knows no table. Pure: no I/O, no Iceberg.
 */
@NullMarked
package dev.tailsampling.layout;

import org.jspecify.annotations.NullMarked;
