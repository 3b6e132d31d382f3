package dev.tandem.edge.rest;

import com.google.protobuf.Message;
import dev.tandem.edge.json.ProtoJson;
import dev.tandem.failure.Failure;
import dev.tandem.rpc.Sink;

/// Writes a stream of answers as events of JSON. A failure is the last event, or an answer of its
/// own where nothing has been sent.
public final class EventSink<A extends Message> implements Sink<A> {
    private final EventStream events;

    public EventSink(EventStream events) {
        this.events = events;
    }

    @Override
    public void send(A answer) throws InterruptedException {
        ProtoJson.write(answer, events.begin());
        events.end();
    }

    @Override
    public void flush() throws InterruptedException {
        events.flush();
    }

    /// Ends the stream.
    public void close() {
        try {
            events.close();
        } catch (InterruptedException gone) {
            throw ClientGone.close(gone);
        }
    }

    /// Ends the stream with what the call failed with, or throws it where nothing was sent.
    public void fail(Failure failure, HttpCall http) {
        if (!events.hasBegun() || ClientGone.isMeantBy(failure)) {
            throw failure;
        }
        try {
            ErrorJson.write(failure, http.call().requestId(), events.begin());
            events.end();
        } catch (InterruptedException gone) {
            throw ClientGone.close(gone);
        }
        close();
    }
}
