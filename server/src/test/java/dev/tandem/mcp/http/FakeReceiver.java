package dev.tandem.mcp.http;

import dev.tandem.mcp.McpTransport.Receiver;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;

/// Keeps what it is told.
final class FakeReceiver implements Receiver {
    final LinkedBlockingQueue<Heard> heard = new LinkedBlockingQueue<>();
    final CompletableFuture<String> end = new CompletableFuture<>();

    record Heard(String message, OptionalLong inAnswerTo) {}

    @Override
    public void received(String message) {
        received(message, OptionalLong.empty());
    }

    @Override
    public void received(String message, OptionalLong inAnswerTo) {
        heard.add(new Heard(message, inAnswerTo));
    }

    @Override
    public void ended(String why) {
        end.complete(why);
    }
}
