package dev.tandem.edge.mcp;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.approval.Approval;
import dev.tandem.tool.ToolProgress;
import dev.tandem.tool.ToolQuestion;
import dev.tandem.tool.ToolReply;
import dev.tandem.tool.ToolWatcher;
import dev.tandem.toolbox.CallWatcher;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/// Tells a client what happens in its call, and asks it where it can be asked.
final class ClientLine implements CallWatcher {
    /// Added where a call has not come further, since each piece of news must say that it has.
    private static final double STEP = 1e-9;

    private final ClientTraits client;
    private final Asker asker;
    private final Supplier<Turn> turn;
    private final AtomicInteger asked = new AtomicInteger();
    private double told = -STEP;

    /// @param turn the request that the call answers at the moment
    ClientLine(ClientTraits client, Asker asker, Supplier<Turn> turn) {
        this.client = client;
        this.asker = asker;
        this.turn = turn;
    }

    @Override
    public void progress(ToolProgress news) {
        tell(news.done(), news.total(), news.message());
    }

    private synchronized void tell(double done, OptionalDouble total, Optional<String> message) {
        Turn now = turn.get();
        if (now.progressToken().isEmpty()) {
            return;
        }
        told = Math.max(done, told + STEP);
        ObjectNode params = Json.object();
        params.set("progressToken", now.progressToken().get());
        number(params, "progress", told);
        total.ifPresent(all -> number(params, "total", all));
        message.ifPresent(text -> params.put("message", text));
        now.stream().send(ServerMessages.notice("notifications/progress", params));
    }

    private static void number(ObjectNode params, String name, double value) {
        if (value == Math.rint(value) && Math.abs(value) < Integer.MAX_VALUE) {
            params.put(name, (long) value);
        } else {
            params.put(name, value);
        }
    }

    @Override
    public void log(String level, Optional<String> logger, String dataJson) {
        ObjectNode params = Json.object().put("level", level);
        logger.ifPresent(name -> params.put("logger", name));
        params.set("data", Json.value(dataJson).orElseGet(() -> Json.MAPPER.valueToTree(dataJson)));
        log(LogLevel.of(level).orElse(LogLevel.INFO), params);
    }

    private void log(LogLevel level, ObjectNode params) {
        Turn now = turn.get();
        if (now.level().filter(least -> level.compareTo(least) >= 0).isPresent()) {
            now.stream()
                    .send(
                            ServerMessages.notice(
                                    "notifications/message", params.put("level", level.word())));
        }
    }

    @Override
    public void asked(Approval open) {
        String text = "This call waits for approval " + open.id() + ".";
        tell(-STEP, OptionalDouble.empty(), Optional.of(text));
        ObjectNode params = Json.object().put("logger", "tandem");
        params.putObject("data")
                .put("message", text)
                .put("approval_id", open.id())
                .put("expires_at", open.expiresAt().toString());
        log(LogLevel.NOTICE, params);
    }

    @Override
    public Optional<ToolReply> answer(ToolQuestion question) throws InterruptedException {
        return answer("question_" + asked.incrementAndGet(), question);
    }

    @Override
    public Optional<ToolReply> answer(String name, ToolQuestion question)
            throws InterruptedException {
        return client.takes(question) ? Optional.of(asker.ask(name, question)) : Optional.empty();
    }

    /// The same line for what is no tool: there nobody else can answer.
    ToolWatcher watcher() {
        return new ToolWatcher() {
            @Override
            public void progress(ToolProgress news) {
                ClientLine.this.progress(news);
            }

            @Override
            public ToolReply ask(ToolQuestion question) throws InterruptedException {
                return answer(question).orElse(ToolReply.DECLINED);
            }

            @Override
            public ToolReply ask(String name, ToolQuestion question) throws InterruptedException {
                return answer(name, question).orElse(ToolReply.DECLINED);
            }

            @Override
            public void log(String level, Optional<String> logger, String dataJson) {
                ClientLine.this.log(level, logger, dataJson);
            }
        };
    }
}
