package dev.tailsampling.datadog;

import java.util.Map;
import java.util.stream.Collectors;

/** Reason phrases of HTTP status codes, of IANA's registry. */
final class HttpStatusText {

    private static final Map<String, String> PHRASES = """
            400 Bad Request
            401 Unauthorized
            402 Payment Required
            403 Forbidden
            404 Not Found
            405 Method Not Allowed
            406 Not Acceptable
            407 Proxy Authentication Required
            408 Request Timeout
            409 Conflict
            410 Gone
            411 Length Required
            412 Precondition Failed
            413 Request Entity Too Large
            414 Request URI Too Long
            415 Unsupported Media Type
            416 Requested Range Not Satisfiable
            417 Expectation Failed
            418 I'm a teapot
            421 Misdirected Request
            422 Unprocessable Entity
            423 Locked
            424 Failed Dependency
            425 Too Early
            426 Upgrade Required
            428 Precondition Required
            429 Too Many Requests
            431 Request Header Fields Too Large
            451 Unavailable For Legal Reasons
            500 Internal Server Error
            501 Not Implemented
            502 Bad Gateway
            503 Service Unavailable
            504 Gateway Timeout
            505 HTTP Version Not Supported
            506 Variant Also Negotiates
            507 Insufficient Storage
            508 Loop Detected
            510 Not Extended
            511 Network Authentication Required
            """.lines().collect(Collectors.toMap(line -> line.substring(0, 3), line -> line));

    private HttpStatusText() {}

    /** "404 Not Found" for "404"; a code without a phrase, or of no error, stays alone. */
    static String of(String code) {
        return PHRASES.getOrDefault(code, code);
    }
}
