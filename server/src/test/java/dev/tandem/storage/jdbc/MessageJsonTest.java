package dev.tandem.storage.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.conversation.Content;
import dev.tandem.conversation.Content.Source;
import dev.tandem.conversation.Message;
import dev.tandem.conversation.Role;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class MessageJsonTest {
    private static final Source PNG = new Source.Inline("image/png", "iVBORw0KGgo=");
    private static final Source WEB = new Source.Remote("https://example.com/a.png?b=\"c\"");

    static Stream<Content> everyKind() {
        return Stream.of(
                new Content.Text(""),
                new Content.Text("Grüße 🪁\n\t\"quoted\" \u0000 </script>"),
                new Content.Reasoning("hm"),
                new Content.Refusal("I cannot."),
                new Content.Image(PNG, Optional.empty()),
                new Content.Image(WEB, Optional.of("high")),
                new Content.Document(PNG, Optional.of("a.pdf")),
                new Content.Document(WEB, Optional.empty()),
                new Content.Audio("UklGRg==", "wav"),
                new Content.ToolUse("call_1", "read", "{ \"n\":128, \"n\": 1e2 }"),
                new Content.ToolUse("call_2", "read", "{not json"),
                new Content.ToolResult("call_1", List.of(), true),
                new Content.ToolResult(
                        "call_1",
                        List.of(new Content.Text("see"), new Content.Image(PNG, Optional.empty())),
                        false));
    }

    @ParameterizedTest
    @MethodSource("everyKind")
    void readsWhatItWrote(Content piece) {
        Message message = new Message(Role.USER, List.of(piece, new Content.Text("end")));

        assertEquals(message, MessageJson.read(Role.USER, MessageJson.write(message)));
    }

    @Test
    void theSamplesAboveHaveEveryKind() {
        Set<Class<?>> shown = everyKind().map(Content::getClass).collect(Collectors.toSet());
        Set<Class<?>> all =
                Arrays.stream(Content.class.getPermittedSubclasses()).collect(Collectors.toSet());

        assertEquals(all, shown);
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    void keepsNameAndTheProvidersOwnForm(Role role) {
        Message message =
                new Message(
                        role,
                        List.of(),
                        Optional.of("Ada"),
                        Optional.of(
                                new Message.Original(
                                        "anthropic",
                                        "claude-sonnet-5",
                                        "[ {\"type\":\"thinking\",\"signature\":\"Eq+/==\"} ]")));

        assertEquals(message, MessageJson.read(role, MessageJson.write(message)));
    }

    @Test
    void writesThisForm() {
        Message message =
                new Message(
                        Role.ASSISTANT,
                        List.of(
                                new Content.Image(PNG, Optional.empty()),
                                new Content.ToolUse("c", "read", "{}")),
                        Optional.empty(),
                        Optional.of(new Message.Original("p", "m", "[]")));

        assertEquals(
                "{\"content\":[{\"type\":\"image\",\"source\":{\"type\":\"inline\","
                        + "\"media_type\":\"image/png\",\"base64\":\"iVBORw0KGgo=\"}},"
                        + "{\"type\":\"tool_use\",\"id\":\"c\",\"name\":\"read\","
                        + "\"arguments\":\"{}\"}],\"original\":{\"provider\":\"p\","
                        + "\"model\":\"m\",\"json\":\"[]\"}}",
                MessageJson.write(message));
    }

    @Test
    void readsTextsLongerThanJacksonsLimit() {
        Message message = Message.text(Role.USER, "x".repeat(21_000_000));

        assertEquals(message, MessageJson.read(Role.USER, MessageJson.write(message)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{\"content\":{}}",
                "{\"content\":[",
                "{\"content\":[{}]}",
                "{\"content\":[{\"type\":\"text\"}]}",
                "{\"content\":[{\"type\":\"text\",\"text\":1}]}",
                "{\"content\":[{\"type\":\"image\",\"source\":{\"type\":\"floppy\"}}]}",
                "{\"content\":[{\"type\":\"tool_result\",\"id\":\"a\",\"content\":[]}]}",
                "{\"content\":[],\"original\":{\"provider\":\"p\"}}",
                "{\"content\":[],\"original\":null}"
            })
    void refusesWhatItDidNotWrite(String text) {
        assertThrows(IllegalStateException.class, () -> MessageJson.read(Role.USER, text));
    }

    @Test
    void namesTheKindThatItDoesNotKnow() {
        IllegalStateException refusal =
                assertThrows(
                        IllegalStateException.class,
                        () ->
                                MessageJson.read(
                                        Role.USER, "{\"content\":[{\"type\":\"hologram\"}]}"));

        assertTrue(String.valueOf(refusal.getMessage()).contains("hologram"));
    }
}
