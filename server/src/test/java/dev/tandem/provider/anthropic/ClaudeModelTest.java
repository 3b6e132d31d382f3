package dev.tandem.provider.anthropic;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What each model takes. Yes and no are `+` and `-`, in the order: sampling, a forced tool, an
/// answer begun for it, schemas, system messages between others, always thinks, hides its thoughts.
final class ClaudeModelTest {

    @ParameterizedTest
    @CsvSource({
        "claude-3-5-haiku-20241022, 35, NONE, +++----, high",
        "claude-3-7-sonnet-20250219, 37, BUDGET, +++----, high",
        "claude-sonnet-4-20250514, 40, BUDGET, +++----, high",
        "claude-sonnet-4-0, 40, BUDGET, +++----, high",
        "claude-opus-4-1-20250805, 41, BUDGET, ++++---, high",
        "claude-haiku-4-5-20251001, 45, BUDGET, ++++---, high",
        "anthropic/claude-haiku-4.5, 45, BUDGET, ++++---, high",
        "claude-opus-4-6, 46, ADAPTIVE, ++-+---, high",
        "claude-opus-4-7, 47, ADAPTIVE, -+-+--+, xhigh",
        "claude-opus-4-8, 48, ADAPTIVE, -+-++-+, xhigh",
        "claude-sonnet-5, 50, ADAPTIVE, -+-+--+, xhigh",
        "claude-opus-5, 50, ADAPTIVE, -+-++-+, xhigh",
        "claude-fable-5, 50, ADAPTIVE, -+-++++, xhigh",
        "claude-fable-5-1, 51, ADAPTIVE, ---++++, xhigh",
        "claude-haiku-5-5, 55, ADAPTIVE, -+-++-+, xhigh",
        "claude-sonnet-5-5, 55, ADAPTIVE, ---++++, xhigh",
        "claude-opus-5-5, 55, ADAPTIVE, ---++++, xhigh",
        "claude-next, 999, ADAPTIVE, -+-++-+, xhigh",
        "deepseek-chat, 45, BUDGET, ++++---, high"
    })
    void takesWhatItsNameSays(
            String name, int version, ClaudeModel.Thinking thinking, String flags, String xhigh) {
        ClaudeModel model = ClaudeModel.of(name, "2023-06-01");

        assertEquals(version, model.version());
        assertEquals(thinking, model.thinking());
        assertEquals(flags, flags(model));
        assertEquals(xhigh, model.effort("xhigh"));
    }

    private static String flags(ClaudeModel model) {
        StringBuilder flags = new StringBuilder();
        for (boolean flag :
                new boolean[] {
                    model.takesSampling(),
                    model.takesForcedTool(),
                    model.takesPrefill(),
                    model.takesSchemas(),
                    model.takesSystemMessages(),
                    model.alwaysThinks(),
                    model.hidesThoughts()
                }) {
            flags.append(flag ? '+' : '-');
        }
        return flags.toString();
    }
}
