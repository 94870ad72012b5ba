package dev.tailsampling.export;

import dev.tailsampling.selector.SampledTrace;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Traces that go into one request.
 *
 * @param traces at least one
 */
record OtlpRequest(List<SampledTrace> traces) implements OutgoingRequest<OtlpRequest> {

    OtlpRequest {
        traces = List.copyOf(traces);
    }

    /** Cuts a batch, in its order, into requests of at most a size before compression; a larger trace is one alone. */
    static List<OtlpRequest> cut(List<SampledTrace> batch, int maxBytes) {
        List<OtlpRequest> requests = new ArrayList<>();
        List<SampledTrace> current = new ArrayList<>();
        long size = 0;
        for (SampledTrace trace : batch) {
            if (!current.isEmpty() && size + trace.otlp().length > maxBytes) {
                requests.add(new OtlpRequest(current));
                current.clear();
                size = 0;
            }
            current.add(trace);
            size += trace.otlp().length;
        }
        if (!current.isEmpty()) {
            requests.add(new OtlpRequest(current));
        }
        return requests;
    }

    @Override
    public boolean isSingle() {
        return traces.size() == 1;
    }

    @Override
    public List<OtlpRequest> halves() {
        int middle = traces.size() / 2;
        return List.of(new OtlpRequest(traces.subList(0, middle)),
                new OtlpRequest(traces.subList(middle, traces.size())));
    }

    @Override
    public long spanCount() {
        return traces.stream().mapToLong(SampledTrace::spanCount).sum();
    }

    /** The requests of the traces one after the other, which protobuf reads as one. */
    byte[] encoded(Compression compression) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream out = compression.over(bytes)) {
            for (SampledTrace trace : traces) {
                out.write(trace.otlp());
            }
        } catch (IOException e) {
            throw new UncheckedIOException("memory does not fail like this", e);
        }
        return bytes.toByteArray();
    }
}
