package dev.tandem.provider.anthropic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PlainDeltaTest {
    private static final String TEXT =
            "{\"type\":\"content_block_delta\",\"index\":%s,"
                    + "\"delta\":{\"type\":\"text_delta\",\"text\":\"%s\"}%s}";

    @ParameterizedTest
    @ValueSource(strings = {"", "a", " is äöü €, 中文 and 😀", "{}[],:", "}}", "\u007f"})
    void readsTextsAsAParserDoes(String text) throws IOException {
        for (String index : List.of("0", "7", "10", "123456789")) {
            for (String padding : List.of("", " ", "          ")) {
                String json = TEXT.formatted(index, text, padding);

                assertTrue(isPlain(json), json);
                assertEquals(parsed(json), read(json));
            }
        }
    }

    @Test
    void readsThoughtsAndArguments() throws IOException {
        for (String kind :
                List.of(
                        "{\"type\":\"thinking_delta\",\"thinking\":\"so\"}",
                        "{\"type\":\"input_json_delta\",\"partial_json\":\"{}\"}")) {
            String json = "{\"type\":\"content_block_delta\",\"index\":1,\"delta\":" + kind + "}";

            assertTrue(isPlain(json), json);
            assertEquals(parsed(json), read(json));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"a\\nb\"}}",
                "{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"a\",\"x\":1}}",
                "{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"a\"},\"x\":1}",
                "{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"text\":\"a\",\"type\":\"text_delta\"}}",
                "{\"type\":\"content_block_delta\",\"delta\":{\"type\":\"text_delta\",\"text\":\"a\"},\"index\":0}",
                "{\"type\":\"content_block_delta\", \"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"a\"}}",
                "{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"signature_delta\",\"signature\":\"a\"}}",
                "{\"type\":\"message_stop\"}",
            })
    void leavesEverythingElseToTheParser(String json) throws IOException {
        assertFalse(isPlain(json));
        assertEquals(parsed(json), read(json));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 30, 45, 80, 85, 86, 87})
    void aDeltaThatIsCutOffIsNone(int length) {
        String json = TEXT.formatted("0", "text", "");

        assertFalse(isPlain(json.substring(0, Math.min(length, json.length() - 1))));
    }

    @Test
    void aTextWithBytesThatAreNotUtf8OrControlsIsLeftToTheParser() {
        byte[] json = TEXT.formatted("0", "text", "").getBytes(StandardCharsets.UTF_8);
        int at = new String(json, StandardCharsets.US_ASCII).indexOf("text\"}");
        for (int wrong : List.of(0xC3, 0xFF, 0x0A, 0x00, 0x1F)) {
            json[at] = (byte) wrong;

            assertFalse(PlainDelta.read(json, 0, json.length, new AnthropicFrame()));
        }
    }

    private static boolean isPlain(String json) {
        byte[] data = json.getBytes(StandardCharsets.UTF_8);
        return PlainDelta.read(data, 0, data.length, new AnthropicFrame());
    }

    private static String read(String json) throws IOException {
        byte[] data = ("xx" + json + "xx").getBytes(StandardCharsets.UTF_8);
        AnthropicFrame frame = new AnthropicFrame();
        frame.read(data, 2, data.length - 4);
        return shown(frame);
    }

    /// Through the parser: the short cut takes nothing that begins with a space.
    private static String parsed(String json) throws IOException {
        return read(" " + json);
    }

    private static String shown(AnthropicFrame frame) {
        return List.of(
                        frame.type,
                        frame.index,
                        frame.deltaType,
                        frame.pieceField,
                        frame.piece,
                        frame.citation == null)
                .toString();
    }
}
