package dev.tailsampling.export;

import java.util.List;

/**
 * What goes out in one request, and in several if that is too large.
 *
 * @param <R> the kind of request
 */
interface OutgoingRequest<R extends OutgoingRequest<R>> {

    /** Spans in it. */
    long spanCount();

    /** Whether it cannot be cut. */
    boolean isSingle();

    /** Both halves of a request that can be cut, in order. */
    List<R> halves();
}
