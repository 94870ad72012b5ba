package dev.tailsampling.config;

/** A text is not YAML, or YAML that we do not read. The message says where. */
final class YamlException extends RuntimeException {

    YamlException(Origin origin, String problem) {
        super(origin + ": " + problem);
    }
}
