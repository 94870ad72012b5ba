package dev.tailsampling.generate;

/**
 * What is in the spans.
 *
 * @param services how many services there are, 1 … {@value ServiceCatalog#MAX_SERVICES}
 * @param detail how much every span tells
 * @param database the spans that call a database
 * @param shares shares of traces with a trait
 */
public record SpanContent(int services, Detail detail, Database database, Shares shares) {

    /** How many attributes resources and spans carry. */
    public enum Detail {
        /** The service's name, and one attribute a span. */
        LEAN,
        /** 5 attributes a resource, 3 to 5 a span. */
        USUAL,
        /** 13 attributes a resource, 8 to 10 a span, about 1 KB a span in all. */
        RICH
    }

    /**
     * Calls of a database.
     *
     * @param share share of calls of the database among the calls and steps that a service makes, 0 … 1
     * @param longestRun most statements of one kind that follow each other under one parent (the "N+1" pattern), at
     *     least 1; runs are from 1 to this long
     */
    public record Database(double share, int longestRun) {
        public Database {
            TraceShape.checkShare("the share of database calls", share);
            if (longestRun < 1) {
                throw new IllegalArgumentException("a run has at least one statement, not " + longestRun);
            }
        }
    }

    /**
     * Shares of all traces, 0 … 1.
     *
     * @param errors traces with a span whose status is an error
     * @param shortIds traces whose id has 64 bits, padded with zeros, as of older tracers
     * @param randomValues traces whose tracestate carries an explicit randomness ({@code ot=rv:…})
     */
    public record Shares(double errors, double shortIds, double randomValues) {
        public Shares {
            TraceShape.checkShare("the share of traces with errors", errors);
            TraceShape.checkShare("the share of traces with 64-bit ids", shortIds);
            TraceShape.checkShare("the share of traces with an explicit randomness", randomValues);
        }
    }

    public SpanContent {
        if (services < 1 || services > ServiceCatalog.MAX_SERVICES) {
            throw new IllegalArgumentException(
                    "there are from 1 to " + ServiceCatalog.MAX_SERVICES + " services, not " + services);
        }
    }

    /** The same with another detail. */
    public SpanContent withDetail(Detail other) {
        return new SpanContent(services, other, database, shares);
    }

    /** The same with another share of traces with errors. */
    public SpanContent withErrors(double share) {
        return withShares(new Shares(share, shares.shortIds(), shares.randomValues()));
    }

    /** The same with other shares. */
    public SpanContent withShares(Shares other) {
        return new SpanContent(services, detail, database, other);
    }
}
