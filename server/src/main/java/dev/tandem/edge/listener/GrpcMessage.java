package dev.tandem.edge.listener;

import io.grpc.KnownLength;
import java.io.ByteArrayInputStream;

/// A request message as grpc-java reads it.
final class GrpcMessage extends ByteArrayInputStream implements KnownLength {

    GrpcMessage(byte[] message) {
        super(message);
    }
}
