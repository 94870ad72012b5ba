package dev.tailsampling.generate;

/**
 * Something that a service does, the same in each of its spans.
 *
 * @param service number of the service that records the span
 * @param peer number of the service that is called, or of the service itself
 * @param role what kind of work it is
 * @param name the span's name
 * @param verb HTTP method or SQL verb, else empty
 * @param target route, function, statement or topic, depending on the role
 */
record Operation(int service, int peer, Role role, String name, String verb,
        String target) {

    /** What kind of work a span stands for; the number is the wire's {@code Span.SpanKind}. */
    enum Role {
        STEP(1), SERVER(2), CLIENT(3), DATABASE(3), CONSUMER(5);

        private final int kind;

        Role(int kind) {
            this.kind = kind;
        }

        int kind() {
            return kind;
        }
    }

    /** Calls of a database have no spans below them. */
    boolean isLeaf() {
        return role == Role.DATABASE;
    }
}
