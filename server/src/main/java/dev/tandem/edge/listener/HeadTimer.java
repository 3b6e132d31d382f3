package dev.tandem.edge.listener;

import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2FrameTypes;
import java.time.Duration;

/// Bounds the time a client may take for a request's head, or for any frame but DATA, from its
/// first byte to its last. The first head of a connection is under the connection's own deadline
/// already.
final class HeadTimer {

    private static final int END_HEADERS = 0x4;

    private final Deadline deadline;
    private final Duration limit;
    private long begun;
    private long timed;
    private boolean headIsOpen;

    HeadTimer(Deadline deadline, Duration limit) {
        this.deadline = deadline;
        this.limit = limit;
    }

    /// Hears of each frame once its own nine bytes are here.
    void begin(FrameHeads frame) {
        switch (frame.type()) {
            case Http2FrameTypes.HEADERS -> {
                begun++;
                headIsOpen = !frame.hasFlag(END_HEADERS);
            }
            case Http2FrameTypes.CONTINUATION -> headIsOpen &= !frame.hasFlag(END_HEADERS);
            default -> begun++;
        }
    }

    /// Looks at where the bytes so far end, after Netty has read them.
    void look(FrameHeads frames) {
        boolean waits =
                headIsOpen
                        || frames.isWithinHead()
                        || (frames.isWithinPayload() && frames.type() != Http2FrameTypes.DATA);
        long current = frames.isWithinHead() && !headIsOpen ? begun + 1 : begun;
        if (waits && current != timed) {
            begin(current);
        } else if (!waits && timed != 0) {
            timed = 0;
            deadline.clear();
        }
    }

    /// A deadline that is set and not by us is the one of the connection's first request.
    private void begin(long current) {
        if (timed != 0 || !deadline.isSet()) {
            timed = current;
            deadline.in(limit);
        }
    }
}
