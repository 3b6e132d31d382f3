package dev.tandem.hub;

import dev.tandem.conversation.Content;
import dev.tandem.failure.Failure;
import dev.tandem.mcp.McpRefusal;
import dev.tandem.tool.ContextItem;
import dev.tandem.tool.ToolDefinition;
import dev.tandem.tool.ToolOutput;
import dev.tandem.tool.ToolProgress;
import dev.tandem.tool.ToolQuestion;
import dev.tandem.tool.ToolReply;
import dev.tandem.tool.ToolWatcher;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/// A connection to a server that may say its own secrets: they are hidden in what it answers and in
/// how it fails.
///
/// @param masks hide what is secret now
record MaskedConnection(ServerConnection connection, Supplier<Masks> masks)
        implements ServerConnection {
    private interface Question<T> {
        T ask() throws InterruptedException, SessionExpired;
    }

    /// The same failure without secrets, also in what lies behind it.
    static Failure masked(Failure failure, UnaryOperator<String> mask) {
        boolean clean = true;
        for (Throwable one = failure; one != null; one = one.getCause()) {
            String text = String.valueOf(one.getMessage());
            clean &= mask.apply(text).equals(text);
        }
        if (clean) {
            return failure;
        }
        String text = mask.apply(failure.text());
        Failure masked =
                McpRefusal.of(failure)
                        .map(said -> new Failure(failure.code(), text, said.masked(mask)))
                        .orElseGet(() -> new Failure(failure.code(), text));
        masked.setStackTrace(failure.getStackTrace());
        return failure.param().map(masked::at).orElse(masked);
    }

    private <T> T asked(Question<T> question) throws InterruptedException, SessionExpired {
        try {
            return question.ask();
        } catch (Failure failure) {
            throw masked(failure, masks.get()::mask);
        } catch (SessionExpired expired) {
            throw new SessionExpired(masked(expired.told(), masks.get()::mask));
        }
    }

    @Override
    public Optional<String> version() {
        return connection.version();
    }

    @Override
    public Optional<String> ended() {
        return connection.ended().map(masks.get()::mask);
    }

    @Override
    public List<ToolDefinition> tools() throws InterruptedException, SessionExpired {
        return asked(connection::tools);
    }

    @Override
    public List<ContextItem> context(ContextItem.Kind kind)
            throws InterruptedException, SessionExpired {
        return asked(() -> connection.context(kind));
    }

    @Override
    public ToolOutput call(String tool, String argumentsJson, ToolWatcher watcher)
            throws InterruptedException, SessionExpired {
        ToolOutput output =
                asked(() -> connection.call(tool, argumentsJson, new Watcher(watcher, masks)));
        return scrubbed(output, masks.get());
    }

    private static ToolOutput scrubbed(ToolOutput output, Masks masks) {
        return new ToolOutput(
                output.content().stream().map(piece -> scrubbed(piece, masks)).toList(),
                output.structuredJson().map(masks::scrub),
                output.failed(),
                output.json().map(masks::scrub));
    }

    private static Content scrubbed(Content piece, Masks masks) {
        return piece instanceof Content.Text(String text)
                ? new Content.Text(masks.scrub(text))
                : piece;
    }

    @Override
    public String read(String method, String paramsJson, ToolWatcher watcher)
            throws InterruptedException, SessionExpired {
        Watcher masked = new Watcher(watcher, masks);
        return masks.get().scrub(asked(() -> connection.read(method, paramsJson, masked)));
    }

    @Override
    public void close() {
        connection.close();
    }

    /// Hands on what a server tells meanwhile, without secrets.
    private record Watcher(ToolWatcher watcher, Supplier<Masks> masks) implements ToolWatcher {
        @Override
        public void progress(ToolProgress news) {
            watcher.progress(
                    new ToolProgress(
                            news.done(), news.total(), news.message().map(masks.get()::scrub)));
        }

        @Override
        public ToolReply ask(ToolQuestion question) throws InterruptedException {
            return watcher.ask(question);
        }

        @Override
        public ToolReply ask(String name, ToolQuestion question) throws InterruptedException {
            return watcher.ask(name, question);
        }

        @Override
        public void log(String level, Optional<String> logger, String dataJson) {
            watcher.log(level, logger, masks.get().mask(dataJson));
        }
    }
}
