package dev.tailsampling.export;

/**
 * Sends single requests to one place and says what the answers mean. Thread-safe.
 *
 * @param <R> the kind of requests
 */
interface RequestEndpoint<R> extends AutoCloseable {

    /** Where requests go, without anything secret; for messages. */
    String place();

    /** A request as it is sent, however often it is tried. */
    byte[] body(R request);

    /**
     * Sends one request and waits for the answer.
     *
     * @param body of this request
     * @throws InterruptedException if the thread was interrupted while it waited; the request may have arrived
     */
    RequestAnswer send(R request, byte[] body) throws InterruptedException;

    /** Gives up what is under way. Does not fail. */
    @Override
    void close();
}
