package dev.tailsampling.layout;

/** How a column holds whole messages. */
public enum MessageEncoding {
    /** OTLP protobuf, or OTLP/JSON as UTF-8, told by the first byte. */
    OTLP,
    /** OTLP/JSON as text. */
    JSON
}
