package dev.tailsampling.export;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ChannelCredentials;
import io.grpc.ClientInterceptors;
import io.grpc.Codec;
import io.grpc.Compressor;
import io.grpc.CompressorRegistry;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.TlsChannelCredentials;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Sends single requests to an OTLP/gRPC endpoint over one channel and says what the answer means. Thread-safe. */
final class OtlpGrpcEndpoint implements RequestEndpoint<OtlpRequest> {

    private static final MethodDescriptor<byte[], byte[]> EXPORT = MethodDescriptor.<byte[], byte[]>newBuilder()
            .setType(MethodType.UNARY)
            .setFullMethodName("opentelemetry.proto.collector.trace.v1.TraceService/Export")
            .setRequestMarshaller(BytesMarshaller.INSTANCE).setResponseMarshaller(BytesMarshaller.INSTANCE).build();

    private static final Metadata.Key<byte[]> DETAILS =
            Metadata.Key.of("grpc-status-details-bin", Metadata.BINARY_BYTE_MARSHALLER);

    /** Servers take more frequent pings for an attack unless they are told otherwise: by default of gRPC, 5 minutes. */
    private static final Duration KEEPALIVE = Duration.ofMinutes(5);
    private static final Duration KEEPALIVE_TIMEOUT = Duration.ofSeconds(20);

    /** What servers in Go and C++, in Java, and in Rust say of a message above their limit. */
    private static final Pattern TOO_LARGE =
            Pattern.compile("larger than max|exceeds maximum size|message length too large");

    private final OtlpGrpcSettings settings;
    private final ResponseText text;
    private final ManagedChannel channel;
    private final Channel withHeaders;
    private final CallOptions options;

    private OtlpGrpcEndpoint(OtlpGrpcSettings settings, ManagedChannel channel) {
        this.settings = settings;
        this.text = new ResponseText(settings.headers().values());
        this.channel = channel;
        this.withHeaders = ClientInterceptors.intercept(channel,
                MetadataUtils.newAttachHeadersInterceptor(metadata(settings)));
        this.options = CallOptions.DEFAULT.withCompression(settings.compression().encoding());
    }

    /** Connects with the first request. */
    static OtlpGrpcEndpoint open(OtlpGrpcSettings settings) {
        return open(settings,
                settings.usesTls() ? TlsChannelCredentials.create() : InsecureChannelCredentials.create());
    }

    /** Connects with the first request, and these credentials. */
    static OtlpGrpcEndpoint open(OtlpGrpcSettings settings, ChannelCredentials credentials) {
        return new OtlpGrpcEndpoint(settings, NettyChannelBuilder
                .forAddress(settings.host(), settings.port(), credentials)
                .userAgent("tail-sampling-selector").compressorRegistry(compressors())
                .keepAliveTime(KEEPALIVE.toNanos(), TimeUnit.NANOSECONDS)
                .keepAliveTimeout(KEEPALIVE_TIMEOUT.toNanos(), TimeUnit.NANOSECONDS)
                // Attempts are counted elsewhere.
                .disableRetry().build());
    }

    private static CompressorRegistry compressors() {
        CompressorRegistry registry = CompressorRegistry.newEmptyInstance();
        registry.register(new Codec.Gzip());
        registry.register(Codec.Identity.NONE);
        registry.register(new ZstdCompressor());
        return registry;
    }

    private static Metadata metadata(OtlpGrpcSettings settings) {
        Metadata metadata = new Metadata();
        settings.headers().forEach(
                (name, value) -> metadata.put(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER), value));
        return metadata;
    }

    @Override
    public String place() {
        return settings.place();
    }

    /** gRPC compresses each message itself. */
    @Override
    public byte[] body(OtlpRequest request) {
        return request.encoded(Compression.NONE);
    }

    @Override
    public RequestAnswer send(OtlpRequest request, byte[] body) throws InterruptedException {
        // Otherwise a server that is back is not found before the channel's own pause ends, which may be two minutes.
        channel.resetConnectBackoff();
        try {
            byte[] response = ClientCalls.blockingUnaryCall(withHeaders, EXPORT,
                    options.withDeadlineAfter(settings.requestTimeout().toNanos(), TimeUnit.NANOSECONDS), body);
            PartialSuccess said = PartialSuccess.parse(response);
            return new RequestAnswer.Taken(new PartialSuccess(said.rejectedSpans(), text.clean(said.message())));
        } catch (StatusRuntimeException e) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            return meaning(e.getStatus(), retryInfo(e.getTrailers()));
        }
    }

    private static Optional<Duration> retryInfo(@Nullable Metadata trailers) {
        byte[] details = trailers == null ? null : trailers.get(DETAILS);
        return details == null ? Optional.empty() : RetryInfo.parse(details);
    }

    private RequestAnswer meaning(Status status, Optional<Duration> retryInfo) {
        String said = said(status);
        String reason = settings.place() + " answered " + status.getCode() + ": " + text.clean(said);
        if (isTooLarge(status.getCode(), said)) {
            return new RequestAnswer.TooLarge(reason);
        }
        return switch (status.getCode()) {
            case DEADLINE_EXCEEDED -> again(settings.place() + " did not answer within "
                    + settings.requestTimeout().toMillis() + " ms", retryInfo);
            case CANCELLED, ABORTED, OUT_OF_RANGE, UNAVAILABLE, DATA_LOSS -> again(reason, retryInfo);
            case RESOURCE_EXHAUSTED ->
                retryInfo.isPresent() ? again(reason, retryInfo) : new RequestAnswer.Unknown(reason);
            case INVALID_ARGUMENT, ALREADY_EXISTS -> new RequestAnswer.Refused(reason);
            // A key that ran out, an address that is wrong or a fault of the server can be mended; until then the spans
            // are not given up.
            case UNKNOWN, NOT_FOUND, PERMISSION_DENIED, UNAUTHENTICATED, FAILED_PRECONDITION, UNIMPLEMENTED,
                    INTERNAL ->
                new RequestAnswer.Unknown(reason);
            case OK -> throw new IllegalStateException("a call that went well has failed: " + status);
        };
    }

    private static boolean isTooLarge(Status.Code code, String said) {
        return (code == Status.Code.RESOURCE_EXHAUSTED || code == Status.Code.OUT_OF_RANGE)
                && TOO_LARGE.matcher(said).find();
    }

    /** A pause of nothing is no wish: then the usual one is kept. */
    private static RequestAnswer again(String reason, Optional<Duration> retryInfo) {
        return new RequestAnswer.TryAgain(reason, retryInfo.filter(Duration::isPositive));
    }

    private static String said(Status status) {
        String description = status.getDescription() == null ? "" : status.getDescription();
        Throwable cause = status.getCause();
        return cause == null ? description : description + ": " + cause.getMessage();
    }

    @Override
    public void close() {
        channel.shutdownNow();
    }

    /** The encoding that Collectors know as zstd. */
    private static final class ZstdCompressor implements Compressor {

        @Override
        public String getMessageEncoding() {
            return Compression.ZSTD.encoding();
        }

        @Override
        public OutputStream compress(OutputStream out) throws IOException {
            return Compression.ZSTD.over(out);
        }
    }
}
