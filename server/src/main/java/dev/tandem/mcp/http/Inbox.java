package dev.tandem.mcp.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.tandem.mcp.McpTransport.Receiver;
import java.util.OptionalLong;
import java.util.concurrent.locks.ReentrantLock;

/// Hands on what arrives on many streams, one message at a time, and nothing after the end.
final class Inbox {
    private final Receiver receiver;
    private final ReentrantLock handing = new ReentrantLock();
    private boolean over;

    Inbox(Receiver receiver) {
        this.receiver = receiver;
    }

    /// @param text a message, or several in an array, as the version 2025-03-26 allows
    /// @param inAnswerTo the question whose answer it came with
    void received(String text, OptionalLong inAnswerTo) {
        if (!text.stripLeading().startsWith("[")) {
            handOn(() -> receiver.received(text, inAnswerTo));
            return;
        }
        try {
            for (JsonNode message : Json.MAPPER.readTree(text)) {
                handOn(() -> receiver.received(message.toString(), inAnswerTo));
            }
        } catch (JsonProcessingException malformed) {
            handOn(() -> receiver.received(text, inAnswerTo));
        }
    }

    void expired(long id) {
        handOn(() -> receiver.expired(id));
    }

    /// Hands on the end.
    ///
    /// @return whether this is the first end
    boolean ended(String why) {
        handing.lock();
        try {
            if (over) {
                return false;
            }
            over = true;
            receiver.ended(why);
            return true;
        } finally {
            handing.unlock();
        }
    }

    private void handOn(Runnable message) {
        handing.lock();
        try {
            if (!over) {
                message.run();
            }
        } finally {
            handing.unlock();
        }
    }
}
