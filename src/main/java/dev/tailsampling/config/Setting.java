package dev.tailsampling.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Marks a component of a configuration record that is a key: all that is to be known of the key. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
@interface Setting {

    /** Name within its section, as users write it. Durations end in {@code _secs} or {@code _ms}, their unit. */
    String key();

    /** The value when nobody gives one, as users write it; empty for "not set", which is null unless a list or map. */
    String standard() default "";

    /** One line for the reference. */
    String doc();

    /** Lowest number allowed, in the key's unit. */
    long min() default Long.MIN_VALUE;

    /** Highest number allowed, in the key's unit. */
    long max() default Long.MAX_VALUE;

    /** Older full names of the key. A duration under an older name has the unit in that name. */
    String[] aliases() default {};

    /** Whether a text that is no {@link Secret} may have one in it, such as a URL with a password. */
    boolean mayHoldSecret() default false;

    /** Whether this release uses the key. */
    Use use() default Use.NOW;

    /** Since when a key has an effect. */
    enum Use {
        /** In this release. */
        NOW,
        /** Accepted and checked, so that a configuration for the whole system loads; used by a later release. */
        LATER
    }
}
