package dev.tailsampling.export;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.collector.trace.v1.ExportTracePartialSuccess;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.zip.GZIPInputStream;

/** A real HTTP server on the loopback interface that takes OTLP and answers as a test wants. */
final class OtlpReceiver implements AutoCloseable {

    /** One request as it arrived; the body is decompressed. */
    record Request(String method, String path, Headers headers, byte[] body, int compressedBytes) {
        List<String> spanIds() {
            return SampledTraces.spanIds(body).toList();
        }
    }

    /** One answer. */
    record Answer(int status, Map<String, String> headers, byte[] body, Ending ending) {

        static Answer of(int status, String text) {
            return new Answer(status, Map.of("Content-Type", "text/plain"), text.getBytes(StandardCharsets.UTF_8),
                    Ending.COMPLETE);
        }

        static Answer of(ExportTraceServiceResponse response) {
            return new Answer(200, Map.of("Content-Type", "application/x-protobuf"), response.toByteArray(),
                    Ending.COMPLETE);
        }

        static Answer partialSuccess(long rejectedSpans, String message) {
            return of(ExportTraceServiceResponse.newBuilder().setPartialSuccess(ExportTracePartialSuccess.newBuilder()
                    .setRejectedSpans(rejectedSpans).setErrorMessage(message)).build());
        }

        Answer withHeader(String name, String value) {
            return new Answer(status, Map.of("Content-Type", "text/plain", name, value), body, ending);
        }

        Answer ending(Ending how) {
            return new Answer(status, headers, body, how);
        }
    }

    /** How an answer ends. */
    enum Ending {
        COMPLETE,
        /** Nothing comes until the receiver is closed. */
        SILENT,
        /** Headers and the first bytes come, the rest does not. */
        STALLED,
        /** The connection is cut without an answer. */
        CUT
    }

    private final Queue<Answer> answers = new ArrayDeque<>();
    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final HttpServer server;
    private volatile int largestBody = Integer.MAX_VALUE;

    OtlpReceiver() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    URI uri(String path) {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
    }

    /** Answers the next requests like this, and all after them with 200. */
    OtlpReceiver answers(Answer... next) {
        answers.addAll(List.of(next));
        return this;
    }

    /** Answers 413 to larger bodies, by their size before compression. */
    OtlpReceiver refusesBodiesAbove(int bytes) {
        largestBody = bytes;
        return this;
    }

    List<Request> requests() {
        return requests;
    }

    /** Spans of all requests, accepted or not. */
    List<String> receivedSpanIds() {
        return requests.stream().flatMap(request -> request.spanIds().stream()).toList();
    }

    private void handle(HttpExchange exchange) throws IOException {
        byte[] compressed = exchange.getRequestBody().readAllBytes();
        byte[] body = decompressed(exchange.getRequestHeaders().getFirst("Content-Encoding"), compressed);
        requests.add(new Request(exchange.getRequestMethod(), exchange.getRequestURI().toString(),
                exchange.getRequestHeaders(), body, compressed.length));
        answer(exchange, body.length > largestBody ? Answer.of(413, "too large") : next());
    }

    private static byte[] decompressed(String encoding, byte[] body) throws IOException {
        return switch (encoding) {
            case null -> body;
            case "gzip" -> new GZIPInputStream(new ByteArrayInputStream(body)).readAllBytes();
            case "zstd" -> GrpcReceiver.zstd(body);
            default -> throw new IOException("nobody knows " + encoding);
        };
    }

    private synchronized Answer next() {
        Answer scripted = answers.poll();
        return scripted == null ? Answer.of(ExportTraceServiceResponse.getDefaultInstance()) : scripted;
    }

    private void answer(HttpExchange exchange, Answer answer) throws IOException {
        if (answer.ending() == Ending.SILENT) {
            awaitClose();
        }
        if (answer.ending() != Ending.CUT && answer.ending() != Ending.SILENT) {
            answer.headers().forEach(exchange.getResponseHeaders()::set);
            boolean stalls = answer.ending() == Ending.STALLED;
            int length = answer.body().length;
            exchange.sendResponseHeaders(answer.status(), stalls ? length + 1 : length == 0 ? -1 : length);
            exchange.getResponseBody().write(answer.body());
            exchange.getResponseBody().flush();
            if (stalls) {
                awaitClose();
            }
        }
        exchange.close();
    }

    private void awaitClose() {
        try {
            closed.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        closed.countDown();
        server.stop(0);
        threads.shutdownNow();
    }
}
