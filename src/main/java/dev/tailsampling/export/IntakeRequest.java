package dev.tailsampling.export;

import java.util.Map;

/**
 * A payload for one of Datadog's intakes.
 *
 * @param <R> the kind of request
 */
interface IntakeRequest<R extends IntakeRequest<R>> extends OutgoingRequest<R> {

    /** The payload as it is before compression. */
    byte[] body();

    /** Headers besides those that every request has. */
    Map<String, String> headers();
}
