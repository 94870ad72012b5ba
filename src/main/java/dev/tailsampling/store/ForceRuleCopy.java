package dev.tailsampling.store;

import dev.tailsampling.selector.ForceRuleStore;

/**
 * Force rules that may be a copy of shared ones; then it also keeps, as long as the rules, which revision of those it has
 * had. Several instances may have one copy in common. Failures are {@link java.io.UncheckedIOException}. Thread-safe.
 */
public interface ForceRuleCopy extends ForceRuleStore {

    /** The newest revision of the shared rules that was met; 0 if none was. */
    long sharedRevision();

    /** Notes that this revision was met; nothing changes if a newer one was. */
    void meetSharedRevision(long revision);
}
