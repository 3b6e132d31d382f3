package dev.tandem.edge.listener;

import java.io.IOException;

/// Sends a body as fast as the server's windows allow.
final class Upload {

    private static final int PIECE_BYTES = 16 << 10;
    private static final int STREAM_WINDOW = 1 << 20;

    private Upload() {}

    static void send(RawHttp2 client, int stream, int bytes)
            throws IOException, InterruptedException {
        byte[] piece = new byte[PIECE_BYTES];
        for (int sent = 0; sent < bytes; sent += piece.length) {
            int next = sent + piece.length;
            client.await(
                    any ->
                            client.windowGiven(stream) + STREAM_WINDOW >= next
                                    && client.windowGiven(0) + 65_535 >= next);
            client.data(stream, piece, next >= bytes);
        }
    }
}
