package dev.tandem.edge.openai;

import dev.tandem.edge.json.EmbeddedJson;
import dev.tandem.edge.json.JsonOut;
import dev.tandem.edge.json.ProtoJson;
import dev.tandem.edge.rest.EventStream;
import dev.tandem.v1.Approval;
import dev.tandem.v1.ResumeVerdict;
import dev.tandem.v1.RunEvent;
import dev.tandem.v1.RunResumed;
import dev.tandem.v1.RunStarted;
import dev.tandem.v1.RunWarning;
import dev.tandem.v1.ServerCallProgress;
import dev.tandem.v1.ToolResult;
import dev.tandem.v1.ToolUse;
import dev.tandem.v1.Usage;

/// Writes frames that OpenAI does not have: what tools that are not the client's did, what the run
/// cost, and how a reader continues. Empty choices let OpenAI's clients pass over them.
final class ToolFrames {
    private final RunStarted started;
    private final EventStream events;

    ToolFrames(RunStarted started, EventStream events) {
        this.started = started;
        this.events = events;
    }

    /// Writes the frame of an event about a tool that is not the client's.
    void event(RunEvent event) throws InterruptedException {
        switch (event.getEventCase()) {
            case TOOL_USE -> use(event.getToolUse());
            case TOOL_RESULT -> result(event.getToolResult());
            case SERVER_CALL_PROGRESS -> progress(event.getServerCallProgress());
            case APPROVAL -> approval("approval", event.getApproval());
            case APPROVAL_RESOLVED -> approval("approval_resolved", event.getApprovalResolved());
            case WARNING -> warning(event.getWarning());
            default -> throw new IllegalArgumentException("no frame of a tool: " + event);
        }
    }

    private void progress(ServerCallProgress news) throws InterruptedException {
        JsonOut out = begin("tool_progress", started.getCompletionId());
        out.name("tool_id").value(news.getId());
        out.name("progress").value(news.getDone());
        if (news.hasTotal()) {
            out.name("total").value(news.getTotal());
        }
        if (news.hasMessage()) {
            out.name("message").value(news.getMessage());
        }
        end(out);
    }

    /// The frame's `id` is the completion's: the approval is a resource of its own within it.
    private void approval(String type, Approval approval) throws InterruptedException {
        JsonOut out = begin(type, started.getCompletionId());
        out.name("approval");
        ProtoJson.write(approval, out);
        end(out);
    }

    private void warning(RunWarning warning) throws InterruptedException {
        JsonOut out = begin("warning", started.getCompletionId());
        out.name("source").value(warning.getSource());
        out.name("message").value(warning.getMessage());
        end(out);
    }

    /// The frame's `id` is the call's, which its readers need, and not the completion's.
    private void use(ToolUse use) throws InterruptedException {
        JsonOut out = begin("tool_use", use.getId());
        out.name("name").value(use.getName());
        out.name("input");
        EmbeddedJson.write(use.getInputJson().isBlank() ? "{}" : use.getInputJson(), out);
        end(out);
    }

    private void result(ToolResult result) throws InterruptedException {
        JsonOut out = begin("tool_result", started.getCompletionId());
        out.name("tool_id").value(result.getToolId());
        out.name("name").value(result.getName());
        out.name("content").value(result.getContent());
        out.name("is_error").value(result.getIsError());
        if (result.hasDurationMs()) {
            out.name("duration_ms").value(result.getDurationMs());
        }
        end(out);
    }

    /// Says how a reader that came back continues.
    void resumed(String runId, RunResumed resumed) throws InterruptedException {
        boolean gap = resumed.getVerdict() == ResumeVerdict.RESUME_VERDICT_GAP;
        JsonOut out = begin("resume", started.getCompletionId());
        out.name("verdict").value(gap ? "gap" : "ok");
        out.name("run_id").value(runId);
        if (started.hasSessionId()) {
            out.name("session_id").value(started.getSessionId());
        }
        if (gap) {
            out.name("snapshot");
            CompletionJson.message(resumed.getSnapshot(), false, out);
        }
        end(out);
    }

    void usage(Usage usage) throws InterruptedException {
        JsonOut out = begin("usage", started.getCompletionId());
        out.name("input_tokens").value(usage.getInputTokens());
        out.name("output_tokens").value(usage.getOutputTokens());
        UsageJson.cost(usage, out);
        end(out);
    }

    private JsonOut begin(String type, String id) {
        JsonOut out = events.begin().beginObject();
        out.name("type").value(type);
        out.name("id").value(id);
        out.name("object").value("chat.completion.chunk");
        out.name("created").value(started.getCreated().getSeconds());
        out.name("model").value(started.getModel());
        return out;
    }

    private void end(JsonOut out) throws InterruptedException {
        out.name("choices").beginArray().endArray().endObject();
        events.end();
    }
}
