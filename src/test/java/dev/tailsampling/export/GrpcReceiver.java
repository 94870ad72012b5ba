package dev.tailsampling.export;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import io.airlift.compress.zstd.ZstdDecompressor;
import io.grpc.Codec;
import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.Decompressor;
import io.grpc.DecompressorRegistry;
import io.grpc.InsecureServerCredentials;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerCredentials;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.opentelemetry.proto.collector.trace.v1.ExportTracePartialSuccess;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.CopyOnWriteArrayList;

/** A real gRPC server on the loopback interface that takes OTLP and answers as a test wants. */
final class GrpcReceiver implements AutoCloseable {

    /** One request as it arrived; the body is decompressed. */
    record Request(Metadata headers, byte[] body, Deadline deadline) {
        List<String> spanIds() {
            return SampledTraces.spanIds(body).toList();
        }

        String header(String name) {
            return headers.get(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER));
        }
    }

    /** One answer; a status of null is none at all. */
    record Answer(Status status, Metadata trailers, ExportTraceServiceResponse response) {

        static Answer of(Status status) {
            return new Answer(status, new Metadata(), ExportTraceServiceResponse.getDefaultInstance());
        }

        static Answer silent() {
            return new Answer(null, new Metadata(), ExportTraceServiceResponse.getDefaultInstance());
        }

        static Answer partialSuccess(long rejectedSpans, String message) {
            return new Answer(Status.OK, new Metadata(), ExportTraceServiceResponse.newBuilder().setPartialSuccess(
                    ExportTracePartialSuccess.newBuilder().setRejectedSpans(rejectedSpans).setErrorMessage(message))
                    .build());
        }

        /** With a google.rpc.RetryInfo in its details, after another detail. */
        Answer retryAfter(Duration delay) {
            com.google.protobuf.Duration asked = com.google.protobuf.Duration.newBuilder()
                    .setSeconds(delay.toSeconds()).setNanos(delay.toNanosPart()).build();
            Any other = Any.newBuilder().setTypeUrl("type.googleapis.com/google.rpc.DebugInfo")
                    .setValue(ByteString.copyFromUtf8("x")).build();
            Any retryInfo = Any.newBuilder().setTypeUrl("type.googleapis.com/google.rpc.RetryInfo")
                    .setValue(field(1, asked.toByteString())).build();
            ByteString details = ByteString.copyFrom(new byte[]{8, (byte) status.getCode().value()})
                    .concat(field(3, other.toByteString())).concat(field(3, retryInfo.toByteString()));
            Metadata with = new Metadata();
            with.put(Metadata.Key.of("grpc-status-details-bin", Metadata.BINARY_BYTE_MARSHALLER),
                    details.toByteArray());
            return new Answer(status, with, response);
        }

        /** A small field of bytes. */
        private static ByteString field(int number, ByteString content) {
            return ByteString.copyFrom(new byte[]{(byte) (number << 3 | 2), (byte) content.size()}).concat(content);
        }
    }

    private static final MethodDescriptor<byte[], byte[]> EXPORT = MethodDescriptor.<byte[], byte[]>newBuilder()
            .setType(MethodType.UNARY)
            .setFullMethodName("opentelemetry.proto.collector.trace.v1.TraceService/Export")
            .setRequestMarshaller(BytesMarshaller.INSTANCE).setResponseMarshaller(BytesMarshaller.INSTANCE).build();

    private final Queue<Answer> answers = new ArrayDeque<>();
    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private final String scheme;
    private final Server server;

    GrpcReceiver() throws IOException {
        this("http", 0, InsecureServerCredentials.create(), 4 << 20);
    }

    GrpcReceiver(String scheme, int port, ServerCredentials credentials, int maxMessageBytes) throws IOException {
        this.scheme = scheme;
        server = NettyServerBuilder
                .forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), credentials)
                .decompressorRegistry(DecompressorRegistry.emptyInstance().with(new Codec.Gzip(), true)
                        .with(Codec.Identity.NONE, false).with(new IndependentZstd(), true))
                .maxInboundMessageSize(maxMessageBytes)
                .addService(ServerServiceDefinition.builder("opentelemetry.proto.collector.trace.v1.TraceService")
                        .addMethod(EXPORT, (ServerCallHandler<byte[], byte[]>) this::handle).build())
                .build().start();
    }

    URI uri() {
        return URI.create(scheme + "://127.0.0.1:" + port());
    }

    int port() {
        return server.getPort();
    }

    /** Answers the next requests like this, and all after them with success. */
    GrpcReceiver answers(Answer... next) {
        answers.addAll(List.of(next));
        return this;
    }

    List<Request> requests() {
        return requests;
    }

    /** Spans of all requests, accepted or not. */
    List<String> receivedSpanIds() {
        return requests.stream().flatMap(request -> request.spanIds().stream()).toList();
    }

    private ServerCall.Listener<byte[]> handle(ServerCall<byte[], byte[]> call, Metadata headers) {
        call.request(2);
        Deadline deadline = Context.current().getDeadline();
        return new ServerCall.Listener<>() {

            @Override
            public void onMessage(byte[] message) {
                requests.add(new Request(headers, message, deadline));
            }

            @Override
            public void onHalfClose() {
                Answer answer = next();
                if (answer.status() != null) {
                    answer(call, answer);
                }
            }
        };
    }

    private synchronized Answer next() {
        Answer scripted = answers.poll();
        return scripted == null ? Answer.of(Status.OK) : scripted;
    }

    private static void answer(ServerCall<byte[], byte[]> call, Answer answer) {
        if (answer.status().isOk()) {
            call.sendHeaders(new Metadata());
            call.sendMessage(answer.response().toByteArray());
        }
        call.close(answer.status(), answer.trailers());
    }

    /** Parsed by OpenTelemetry's own classes. */
    static ExportTraceServiceRequest parsed(Request request) throws IOException {
        return ExportTraceServiceRequest.parseFrom(request.body());
    }

    @Override
    public void close() throws InterruptedException {
        server.shutdownNow().awaitTermination();
    }

    /** Zstandard by another implementation than the one that compresses. */
    private static final class IndependentZstd implements Decompressor {

        @Override
        public String getMessageEncoding() {
            return "zstd";
        }

        @Override
        public InputStream decompress(InputStream stream) throws IOException {
            return new ByteArrayInputStream(zstd(stream.readAllBytes()));
        }
    }

    /** What a Zstandard frame holds. */
    static byte[] zstd(byte[] compressed) {
        byte[] large = new byte[8 << 20];
        int length = new ZstdDecompressor().decompress(compressed, 0, compressed.length, large, 0, large.length);
        return Arrays.copyOf(large, length);
    }

    @Override
    public String toString() {
        return Objects.toString(uri());
    }
}
