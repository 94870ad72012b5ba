package dev.tailsampling.ottl;

/** What conditions are about; paths without prefix belong to it. */
enum Context {
    SPAN("span", "spans"), SPAN_EVENT("spanevent", "span events");

    private final String pathName;
    private final String inWords;

    Context(String pathName, String inWords) {
        this.pathName = pathName;
        this.inWords = inWords;
    }

    /** The prefix of its paths. */
    String pathName() {
        return pathName;
    }

    String inWords() {
        return inWords;
    }
}
