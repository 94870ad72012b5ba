package dev.tailsampling.generate;

import dev.tailsampling.generate.SpanContent.Detail;
import dev.tailsampling.otlp.RequestBuilder;
import dev.tailsampling.trace.StatusCode;
import java.util.HexFormat;

/**
 * Writes the attributes of spans, under the keys that instrumentation writes most. What varies follows from the span's
 * id, so a span has the same attributes whenever it is encoded.
 */
final class SpanAttributes {

    static final String ERROR_MESSAGE = "upstream request failed: connection reset by peer";

    private static final HexFormat HEX = HexFormat.of();
    private static final int[] GOOD = {200, 200, 200, 200, 200, 201, 204, 304, 404};
    private static final int[] BAD = {500, 502, 503, 504};
    private static final String BROWSER =
            "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36";
    private static final int QUERY_PARAMETERS = 26;

    private final ServiceCatalog catalog;
    private final Detail detail;
    private final StringBuilder text = new StringBuilder();

    SpanAttributes(ServiceCatalog catalog, Detail detail) {
        this.catalog = catalog;
        this.detail = detail;
    }

    /** Adds the attributes of a span to the one just begun. */
    void write(PlannedSpan span, RequestBuilder to) {
        Dice dice = new Dice(span.id());
        if (detail == Detail.LEAN) {
            writeLean(span, dice, to);
            return;
        }
        writeUsual(span, dice, to);
        if (isError(span)) {
            to.attribute("error.message", ERROR_MESSAGE);
        }
        if (detail == Detail.RICH) {
            writeRich(dice, to);
        }
    }

    private void writeLean(PlannedSpan span, Dice dice, RequestBuilder to) {
        switch (span.operation().role()) {
            case SERVER, CLIENT -> to.attribute("http.status_code", statusCode(span, dice));
            case DATABASE -> to.attribute("db.system", database(span));
            case STEP -> to.attribute("code.function", span.operation().target());
            case CONSUMER -> to.attribute("messaging.destination.name", span.operation().target());
        }
    }

    private void writeUsual(PlannedSpan span, Dice dice, RequestBuilder to) {
        switch (span.operation().role()) {
            case SERVER -> writeServer(span, dice, to);
            case CLIENT -> writeClient(span, dice, to);
            case DATABASE -> writeStatement(span, dice, to);
            case STEP -> writeStep(span, dice, to);
            case CONSUMER -> writeConsumer(span, dice, to);
        }
    }

    private static void writeServer(PlannedSpan span, Dice dice, RequestBuilder to) {
        to.attribute("http.method", span.operation().verb());
        to.attribute("http.route", span.operation().target());
        to.attribute("http.status_code", statusCode(span, dice));
        to.attribute("net.peer.ip", address(dice));
    }

    private void writeClient(PlannedSpan span, Dice dice, RequestBuilder to) {
        String peer = catalog.name(span.operation().peer());
        to.attribute("http.method", span.operation().verb());
        to.attribute("http.url", url(peer, span.operation().target(), dice.below(100_000)));
        to.attribute("http.status_code", statusCode(span, dice));
        to.attribute("net.peer.name", peer);
    }

    private String url(String peer, String route, int id) {
        text.setLength(0);
        text.append("http://").append(peer).append(":8080");
        int placeholder = route.indexOf("{id}");
        if (placeholder < 0) {
            return text.append(route).append("?page=").append(id % 100).toString();
        }
        return text.append(route, 0, placeholder).append(id).toString();
    }

    private void writeStatement(PlannedSpan span, Dice dice, RequestBuilder to) {
        to.attribute("db.system", database(span));
        to.attribute("db.name", "shop");
        to.attribute("db.statement", statement(span.operation().target(), dice));
        to.attribute("db.user", "app");
        to.attribute("net.peer.name", "db-" + span.operation().service() % 4);
    }

    /** The literals differ from call to call, as with statements that are not prepared. */
    private String statement(String beginning, Dice dice) {
        text.setLength(0);
        text.append(beginning).append(dice.below(10_000_000));
        if (beginning.endsWith(", ")) {
            return text.append(')').toString();
        }
        return text.append(" AND tenant = 'tenant-").append(dice.below(500)).append('\'').toString();
    }

    private static void writeStep(PlannedSpan span, Dice dice, RequestBuilder to) {
        int thread = dice.below(64);
        to.attribute("code.function", span.operation().target());
        to.attribute("code.namespace", "com.example.shop.backend.internal");
        to.attribute("thread.id", thread);
        to.attribute("thread.name", "http-nio-8080-exec-" + thread);
    }

    private static void writeConsumer(PlannedSpan span, Dice dice, RequestBuilder to) {
        to.attribute("messaging.system", "kafka");
        to.attribute("messaging.destination.name", span.operation().target());
        to.attribute("messaging.kafka.partition", dice.below(12));
        to.attribute("messaging.kafka.offset", dice.next() >>> 34);
    }

    private void writeRich(Dice dice, RequestBuilder to) {
        to.attribute("user_agent.original", BROWSER);
        to.attribute("session.id", HEX.toHexDigits(dice.next()) + HEX.toHexDigits(dice.next()));
        to.attribute("enduser.id", "user-" + dice.below(1_000_000));
        to.attribute("client.address", address(dice));
        to.attribute("url.query", query(dice));
    }

    private String query(Dice dice) {
        text.setLength(0);
        for (int i = 0; i < QUERY_PARAMETERS; i++) {
            text.append(i == 0 ? "p" : "&p").append(i).append('=').append(HEX.toHexDigits(dice.next(), 12));
        }
        return text.toString();
    }

    private static String address(Dice dice) {
        return "10.0." + dice.below(8) + "." + dice.below(250);
    }

    private static String database(PlannedSpan span) {
        return span.operation().service() % 3 == 0 ? "postgresql" : "mysql";
    }

    private static long statusCode(PlannedSpan span, Dice dice) {
        int[] codes = isError(span) ? BAD : GOOD;
        return codes[dice.below(codes.length)];
    }

    private static boolean isError(PlannedSpan span) {
        return span.status() == StatusCode.ERROR;
    }
}
