package dev.tandem.edge.openai;

import dev.tandem.edge.json.EmbeddedJson;
import dev.tandem.edge.json.JsonOut;
import dev.tandem.edge.rest.EventStream;
import dev.tandem.v1.ResumeVerdict;
import dev.tandem.v1.RunResumed;
import dev.tandem.v1.RunStarted;
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

    /// The frame's `id` is the call's, which its readers need, and not the completion's.
    void use(ToolUse use) throws InterruptedException {
        JsonOut out = begin("tool_use", use.getId());
        out.name("name").value(use.getName());
        out.name("input");
        EmbeddedJson.write(use.getInputJson().isBlank() ? "{}" : use.getInputJson(), out);
        end(out);
    }

    void result(ToolResult result) throws InterruptedException {
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
