package dev.tandem.edge.socket;

import com.google.protobuf.Message;
import dev.tandem.edge.json.JsonOut;
import dev.tandem.rpc.Sink;

/// Sends the answers of a subscription: those that come together in one write.
final class SubscriptionSink<A extends Message> implements Sink<A> {
    private static final int HELD_BACK_MAX = 16 << 10;

    private final String id;
    private final Leaving leaving;
    private final FrameWriter writer;
    private final JsonOut json = new JsonOut();
    private final Frames frames = new Frames();

    SubscriptionSink(String id, Leaving leaving, FrameWriter writer) {
        this.id = id;
        this.leaving = leaving;
        this.writer = writer;
    }

    @Override
    public void send(A answer) throws InterruptedException {
        json.clear();
        ServerMessage.event(id, answer, json);
        frames.addText(json);
        if (frames.size() >= HELD_BACK_MAX) {
            flush();
        }
    }

    /// What is still held back, with a last message after it.
    Frames last(JsonOut message) {
        return frames.addText(message);
    }

    @Override
    public void flush() throws InterruptedException {
        if (frames.size() > 0) {
            leaving.write(() -> writer.send(frames));
        }
    }
}
