package dev.tandem.edge.listener;

import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2Error;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2Exception;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2FrameTypes;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The order of a connection's streams as RFC 9113, 5.1 and 5.1.1 want it: a new stream has a
/// higher number than all before, and one that its client has ended carries no further head.
final class StreamOrder {

    /// Streams whose client has not ended its side. It never has to for those that we reset.
    private static final int UNENDED_MAX = 4_096;

    /// Streams of which we still know that they were ended, and not skipped.
    private static final int ENDED_MAX = 64;

    private final Set<Integer> unended = new LinkedHashSet<>();
    private final int[] ended = new int[ENDED_MAX];
    private int endedNext;
    private int highest;

    /// What is wrong with a frame, or null.
    @Nullable Http2Exception check(FrameHeads frame) {
        return switch (frame.type()) {
            case Http2FrameTypes.HEADERS -> head(frame, frame.stream());
            case Http2FrameTypes.DATA -> {
                endIfLast(frame, frame.stream());
                yield null;
            }
            case Http2FrameTypes.RST_STREAM -> {
                end(frame.stream());
                yield null;
            }
            default -> null;
        };
    }

    private @Nullable Http2Exception head(FrameHeads frame, int stream) {
        if (stream > highest) {
            highest = stream;
            begin(stream);
        } else if (!unended.contains(stream)) {
            return wasEnded(stream)
                    ? error(Http2Error.STREAM_CLOSED, "stream " + stream + " has ended")
                    : error(Http2Error.PROTOCOL_ERROR, "stream " + stream + " comes too late");
        }
        endIfLast(frame, stream);
        return null;
    }

    private void begin(int stream) {
        if (unended.size() >= UNENDED_MAX) {
            unended.remove(unended.iterator().next());
        }
        unended.add(stream);
    }

    private void endIfLast(FrameHeads frame, int stream) {
        if (frame.hasFlag(0x1)) {
            end(stream);
        }
    }

    private void end(int stream) {
        if (unended.remove(stream)) {
            ended[endedNext] = stream;
            endedNext = (endedNext + 1) % ENDED_MAX;
        }
    }

    private boolean wasEnded(int stream) {
        for (int one : ended) {
            if (one == stream) {
                return true;
            }
        }
        return false;
    }

    private static Http2Exception error(Http2Error code, String message) {
        return Http2Exception.connectionError(code, "%s", message);
    }
}
