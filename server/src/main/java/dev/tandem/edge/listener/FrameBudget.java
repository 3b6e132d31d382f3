package dev.tandem.edge.listener;

import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2Error;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2Exception;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2FrameTypes;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// How many frames a client may send that ask for nothing: PING, SETTINGS, PRIORITY and their like.
/// A client that is sent much has reason to send many, a WINDOW_UPDATE or a PING for each message,
/// so each few bytes of answers allow one more.
final class FrameBudget {

    /// Two WINDOW_UPDATE for the smallest DATA frame, and half of that to spare.
    private static final int BYTES_PER_FRAME = 4;

    private static final int PING_BYTES = 17;
    private static final int SETTINGS_BYTES = 9;

    private final int framesMax;
    private final long windowNanos;
    private long windowEnds = System.nanoTime();
    private long frames;
    private long answerBytes;

    /// @param framesMax frames within `window` that need no answer bytes
    FrameBudget(int framesMax, Duration window) {
        this.framesMax = framesMax;
        this.windowNanos = window.toNanos();
    }

    /// Says that the client was sent something, a reply to its PING or SETTINGS included.
    void sent(int bytes) {
        answerBytes += bytes;
    }

    /// What is wrong with a frame, or null.
    @Nullable Http2Exception check(FrameHeads frame) {
        switch (frame.type()) {
            case Http2FrameTypes.DATA, Http2FrameTypes.HEADERS, Http2FrameTypes.CONTINUATION -> {
                return null;
            }
            case Http2FrameTypes.PING -> answerBytes -= PING_BYTES;
            case Http2FrameTypes.SETTINGS -> answerBytes -= SETTINGS_BYTES;
            default -> {}
        }
        return take() ? null : tooMany();
    }

    private boolean take() {
        long now = System.nanoTime();
        if (now - windowEnds >= 0) {
            windowEnds = now + windowNanos;
            frames = 0;
            answerBytes = 0;
        }
        frames++;
        return frames <= framesMax + Math.max(0, answerBytes) / BYTES_PER_FRAME;
    }

    private static Http2Exception tooMany() {
        return Http2Exception.connectionError(
                Http2Error.ENHANCE_YOUR_CALM, "too many frames that ask for nothing");
    }
}
