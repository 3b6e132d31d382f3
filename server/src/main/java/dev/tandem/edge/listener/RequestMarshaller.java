package dev.tandem.edge.listener;

import io.grpc.MethodDescriptor.Marshaller;
import java.io.InputStream;

/// Passes a request message on as the bytes it arrived as.
final class RequestMarshaller implements Marshaller<InputStream> {

    @Override
    public InputStream stream(InputStream message) {
        return message;
    }

    @Override
    public InputStream parse(InputStream message) {
        throw new UnsupportedOperationException("requests are parsed by the service's own method");
    }
}
