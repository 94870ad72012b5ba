package dev.tailsampling.ottl;

/** What conditions are about; paths without prefix belong to it. */
enum Context {
    SPAN("span"), SPAN_EVENT("spanevent");

    private final String pathName;

    Context(String pathName) {
        this.pathName = pathName;
    }

    /** The prefix of its paths. */
    String pathName() {
        return pathName;
    }
}
