package dev.tandem.edge.openai;

import dev.tandem.edge.json.JsonOut;
import dev.tandem.v1.RunStarted;
import java.nio.charset.StandardCharsets;

/// The parts of a stream's frames that are the same in every frame of it, made once.
final class ChunkFrames {
    private static final String CHOICE = ",\"choices\":[{\"index\":0,\"delta\":";
    private static final String ROLE = "{\"role\":\"assistant\",\"content\":\"\",\"refusal\":null}";
    private static final String REST = ",\"logprobs\":null,\"finish_reason\":null}]";

    /// `data: {` and what identifies the answer.
    final byte[] object;

    /// The same, to where the choice's delta begins.
    final byte[] choice;

    /// The whole first chunk.
    final byte[] role;

    /// What stands before a piece of text.
    final byte[] text;

    /// What stands before a piece of reasoning.
    final byte[] reasoning;

    /// What stands behind either.
    final byte[] afterText;

    /// What follows a delta, to the end of the frame.
    final byte[] afterDelta;

    /// @param namesUsage whether chunks say that they have no usage, because one will
    /// @param kept whether the run can be found again
    ChunkFrames(String runId, RunStarted started, boolean namesUsage, boolean kept) {
        String head = "data: " + head(runId, started, kept);
        String begun = head + CHOICE;
        String rest = REST + (namesUsage ? ",\"usage\":null" : "") + "}\n\n";
        this.object = utf8(head);
        this.choice = utf8(begun);
        this.role = utf8(begun + ROLE + rest);
        this.text = utf8(begun + "{\"content\":\"");
        this.reasoning = utf8(begun + "{\"reasoning_content\":\"");
        this.afterText = utf8("\"}" + rest);
        this.afterDelta = utf8(rest);
    }

    /// A plain request gets what OpenAI would send; a run that is kept says how to find it again.
    private static String head(String runId, RunStarted started, boolean kept) {
        JsonOut out = new JsonOut().beginObject();
        out.name("id").value(started.getCompletionId());
        out.name("object").value("chat.completion.chunk");
        out.name("created").value(started.getCreated().getSeconds());
        out.name("model").value(started.getModel());
        if (kept) {
            out.name("run_id").value(runId);
        }
        if (started.hasSessionId()) {
            out.name("session_id").value(started.getSessionId());
        }
        return out.toString();
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
