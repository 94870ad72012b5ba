package dev.tailsampling.generate;

/**
 * What the traces of a load share. The tree is lent to one burst at a time.
 *
 * @param tree overwritten by each burst
 */
record TraceStories(TraceLoad load, ServiceCatalog catalog, SpanTree tree) {

    static TraceStories of(TraceLoad load) {
        SpanContent content = load.profile().content();
        ServiceCatalog catalog = new ServiceCatalog(content);
        return new TraceStories(load, catalog, new SpanTree(catalog, content.database()));
    }

    /** A trace of the load. */
    TraceStory ordinary(long number) {
        return new OrdinaryTrace(this, number);
    }

    /** A trace besides the load's own ones. */
    TraceStory special(SpecialTrace special) {
        return switch (special) {
            case SpecialTrace.Giant giant -> new GiantTrace(giant, this);
            case SpecialTrace.Marathon marathon -> new MarathonTrace(marathon, this);
        };
    }
}
