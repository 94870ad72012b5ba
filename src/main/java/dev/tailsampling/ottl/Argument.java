package dev.tailsampling.ottl;

import org.jspecify.annotations.Nullable;

/** An argument as written. */
record Argument(@Nullable String name, Expression value, Token at) {}
