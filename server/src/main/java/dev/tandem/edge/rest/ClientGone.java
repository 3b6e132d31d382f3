package dev.tandem.edge.rest;

import dev.tandem.failure.Failure;
import io.helidon.common.buffers.DataReader;
import io.helidon.common.socket.SocketWriterException;
import io.helidon.webserver.CloseConnectionException;
import java.io.IOException;
import java.io.UncheckedIOException;

/// The many ways in which the web server says that the client has left.
final class ClientGone {
    private ClientGone() {}

    static boolean isSaidBy(Exception problem) {
        return problem instanceof IOException
                || problem instanceof UncheckedIOException
                || problem instanceof SocketWriterException
                || problem instanceof CloseConnectionException
                || problem instanceof DataReader.InsufficientDataAvailableException;
    }

    /// Whether a failure only says that nobody is left to be told.
    static boolean isMeantBy(Failure failure) {
        return failure.getCause() instanceof InterruptedException;
    }

    /// Ends the connection, without a word in the log.
    static CloseConnectionException close(Exception cause) {
        return new CloseConnectionException("The client has left.", cause);
    }
}
