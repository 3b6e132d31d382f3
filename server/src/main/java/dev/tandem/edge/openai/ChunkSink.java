package dev.tandem.edge.openai;

import dev.tandem.edge.json.JsonOut;
import dev.tandem.edge.rest.ErrorJson;
import dev.tandem.edge.rest.EventStream;
import dev.tandem.edge.rest.HttpCall;
import dev.tandem.failure.Failure;
import dev.tandem.rpc.Sink;
import dev.tandem.v1.ResumeVerdict;
import dev.tandem.v1.RunCompleted;
import dev.tandem.v1.RunEvent;
import dev.tandem.v1.RunResumed;
import dev.tandem.v1.RunStarted;
import dev.tandem.v1.RunState;
import dev.tandem.v1.ToolCallDelta;
import dev.tandem.v1.Usage;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Writes a run's events as the chunks of a streamed completion: the role first, pieces, one reason
/// to finish, the usage where it was asked for, `[DONE]`; or at any point an error, which is last.
///
/// The answer begins with the first event after the run's beginning, so that a run that fails
/// before it said anything is answered with a status.
final class ChunkSink implements Sink<RunEvent> {
    private static final byte[] PING = ": ping\n\n".getBytes(StandardCharsets.US_ASCII);

    /// Where frames have ids: openai-python takes an empty line after an id for an event.
    private static final byte[] PING_LINE = ": ping\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] DONE = "data: [DONE]\n\n".getBytes(StandardCharsets.US_ASCII);

    private final HttpCall http;
    private final EventStream events;
    private final ChatCall chat;
    private final boolean showsTools;
    private @Nullable ChunkFrames frames;
    private @Nullable ToolFrames toolFrames;

    /// What happened beside the answer before it began.
    private final List<RunEvent> held = new ArrayList<>();

    private boolean roleTold;
    private boolean spoke;
    private boolean kept;
    private boolean resumed;
    private boolean completedBefore;
    private boolean ended;
    private @Nullable Failure failure;

    /// @param showsTools whether the client wants frames about tools that are not its own
    /// @param goesOn whether the client has read a part of the stream before, with the role
    ChunkSink(HttpCall http, ChatCall chat, boolean showsTools, boolean goesOn) {
        this.http = http;
        this.events = http.events();
        this.chat = chat;
        this.showsTools = showsTools;
        this.roleTold = goesOn;
    }

    @Override
    public void send(RunEvent event) throws InterruptedException {
        switch (event.getEventCase()) {
            case STARTED -> started(event, event.getStarted());
            case RESUMED -> resumed(event, event.getResumed());
            case TEXT -> {
                byte[] before = open().text;
                id(event);
                events.frame(before, event.getText().getText(), frames().afterText);
            }
            case REASONING -> {
                byte[] before = open().reasoning;
                id(event);
                events.frame(before, event.getReasoning().getText(), frames().afterText);
            }
            case TOOL_CALL -> {
                open();
                id(event);
                toolCall(event.getToolCall());
            }
            case TOOL_USE, TOOL_RESULT -> {
                open();
                serverTool(event);
            }
            case SERVER_CALL_PROGRESS, APPROVAL, APPROVAL_RESOLVED, WARNING -> aside(event);
            case HEARTBEAT -> heartbeat();
            case COMPLETED -> completed(event);
            case FAILED -> failed(event, RunFailures.failed(event.getFailed().getError()));
            case CANCELLED -> failed(event, RunFailures.cancelled());
            case INTERRUPTED -> failed(event, RunFailures.interrupted());
            case SERVER_CALL, SERVER_CALL_ARGUMENTS, TURN, QUEUED, EVENT_NOT_SET -> {
                // nothing that these frames tell; an event of a later version
            }
        }
    }

    /// Before anything was said there is nothing to send: the answer may still become a status.
    @Override
    public void flush() throws InterruptedException {
        events.flush();
    }

    /// Ends the stream once the run's events have ended.
    ///
    /// @throws Failure where nothing was sent, so that the failure can be the answer
    void close() throws InterruptedException {
        if (!ended && completedBefore) {
            events.frame(DONE);
        } else if (!ended && !resumed) {
            failed(RunFailures.interrupted());
        }
        if (failure != null && !isCommitted()) {
            throw failure;
        }
        events.close();
    }

    /// Ends the stream with what the call failed with, if it can be told in the stream.
    void fail(Failure problem) throws InterruptedException {
        if (!isCommitted()) {
            throw problem;
        }
        failed(problem);
        events.close();
    }

    /// An event's place is told with the last of its frames.
    private void id(RunEvent event) {
        if (event.hasCursor()) {
            events.id(event.getCursor());
        }
    }

    private void started(RunEvent event, RunStarted started) {
        if (frames != null) {
            return; // told when the reading was resumed
        }
        chat.ignored().addAll(started.getIgnoredParametersList());
        ChatRoutes.answerHeaders(http, event.getRunId(), chat.ignored());
        kept = event.hasCursor() || event.hasResumed();
        frames = new ChunkFrames(event.getRunId(), started, chat.includeUsage(), kept);
        toolFrames = new ToolFrames(started, events);
    }

    private void resumed(RunEvent event, RunResumed how) throws InterruptedException {
        started(event, how.getStarted());
        resumed = true;
        roleTold |= how.getVerdict() == ResumeVerdict.RESUME_VERDICT_GAP;
        completedBefore = how.getState() == RunState.RUN_STATE_COMPLETED;
        toolFrames().resumed(event.getRunId(), how);
    }

    private void toolCall(ToolCallDelta call) throws InterruptedException {
        JsonOut out = events.begin(frames().choice).beginObject();
        if (chat.oldFunctions()) {
            function("function_call", call, out);
        } else {
            out.name("tool_calls").beginArray().beginObject();
            out.name("index").value(call.getIndex());
            if (call.hasId()) {
                out.name("id").value(call.getId()).name("type").value("function");
            }
            function("function", call, out);
            out.endObject().endArray();
        }
        out.endObject();
        events.frame(frames().afterDelta);
    }

    private static void function(String name, ToolCallDelta call, JsonOut out) {
        out.name(name).beginObject();
        if (call.hasName()) {
            out.name("name").value(call.getName());
        }
        out.name("arguments").value(call.getArgumentsDelta()).endObject();
    }

    private void serverTool(RunEvent event) throws InterruptedException {
        if (showsTools) {
            id(event);
            toolFrames().event(event);
        }
    }

    /// What happens beside the answer is no beginning of it: it waits for that, and an answer that
    /// fails before is still a status. Somebody who is asked is not kept waiting.
    private void aside(RunEvent event) throws InterruptedException {
        if (event.hasApproval()) {
            open();
        }
        if (isCommitted()) {
            serverTool(event);
        } else {
            held.add(event);
        }
    }

    private void heartbeat() throws InterruptedException {
        events.frame(kept ? PING_LINE : PING);
        events.flush();
    }

    private void completed(RunEvent event) throws InterruptedException {
        RunCompleted completed = event.getCompleted();
        open();
        if (completed.hasRefusal()) {
            JsonOut out = events.begin(frames().choice);
            out.beginObject().name("refusal").value(completed.getRefusal()).endObject();
            events.frame(frames().afterDelta);
        }
        if (showsTools) {
            // before the finish: openai-java's accumulator takes no choices after it
            toolFrames().usage(completed.getUsage());
        }
        if (!chat.includeUsage()) {
            id(event);
        }
        finish(CompletionJson.finishReason(completed.getFinishReason(), chat.oldFunctions()));
        if (chat.includeUsage()) {
            id(event);
            usage(completed.getUsage());
        }
        events.frame(DONE);
        ended = true;
    }

    private void finish(String reason) throws InterruptedException {
        JsonOut out = events.begin(frames().choice);
        out.beginObject().endObject();
        out.name("logprobs").nothing();
        out.name("finish_reason").value(reason);
        out.endObject().endArray();
        if (chat.includeUsage()) {
            out.name("usage").nothing();
        }
        out.endObject();
        events.end();
    }

    private void usage(Usage usage) throws InterruptedException {
        JsonOut out = events.begin(frames().object);
        out.name("choices").beginArray().endArray();
        out.name("usage");
        UsageJson.write(usage, out);
        out.endObject();
        events.end();
    }

    private void failed(RunEvent event, Failure problem) throws InterruptedException {
        if (isCommitted()) {
            id(event);
        }
        failed(problem);
    }

    private void failed(Failure problem) throws InterruptedException {
        ended = true;
        failure = problem;
        if (isCommitted()) {
            ErrorJson.write(problem, http.call().requestId(), events.begin());
            events.end();
        }
    }

    /// Whether the answer is a stream, so that it cannot be a status any more.
    private boolean isCommitted() {
        return spoke || resumed || events.hasBegun();
    }

    /// The frames of a stream that has begun to speak: its first chunk carries the role.
    private ChunkFrames open() throws InterruptedException {
        ChunkFrames current = frames();
        spoke = true;
        if (!roleTold) {
            roleTold = true;
            events.frame(current.role);
        }
        if (!held.isEmpty()) {
            for (RunEvent event : held) {
                serverTool(event);
            }
            held.clear();
        }
        return current;
    }

    private ChunkFrames frames() {
        return Optional.ofNullable(frames).orElseThrow(ChunkSink::notStarted);
    }

    private ToolFrames toolFrames() {
        return Optional.ofNullable(toolFrames).orElseThrow(ChunkSink::notStarted);
    }

    private static IllegalStateException notStarted() {
        return new IllegalStateException("a run must begin with the event started");
    }
}
