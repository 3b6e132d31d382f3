package dev.tandem.toolbox;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tandem.conversation.Content;
import dev.tandem.conversation.Content.Source;
import dev.tandem.tool.ToolOutput;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class OutputLimitTest {
    private static final Content SMALL = image(300);

    @Test
    void whatFitsStaysAsItIs() {
        ToolOutput output =
                new ToolOutput(
                        List.of(new Content.Text("a".repeat(1_000)), SMALL),
                        Optional.of("{\"a\":1}"),
                        true,
                        Optional.of("{\"content\":[]}"));

        assertEquals(output, limit().applied(output));
    }

    @Test
    void allTextTogetherIsBoundedAndACharacterIsNeverSplit() {
        ToolOutput output =
                new ToolOutput(
                        List.of(
                                new Content.Text("a".repeat(998)),
                                new Content.Text("😀b"),
                                new Content.Text("c")),
                        Optional.empty(),
                        false,
                        Optional.of("{}"));

        assertEquals(
                new ToolOutput(
                        List.of(
                                new Content.Text("a".repeat(998)),
                                new Content.Text(
                                        "[6 bytes of text were left out, for an answer has at most"
                                                + " 1000.]")),
                        Optional.empty(),
                        false,
                        Optional.empty()),
                limit().applied(output));
    }

    @Test
    void aPictureThatIsTooLargeBecomesANote() {
        ToolOutput bounded = limit().applied(of(image(303), SMALL));

        assertEquals(
                List.of(
                        new Content.Text(
                                "[a picture of 303 bytes was left out, for one has at most 300, and"
                                        + " all of an answer 1200.]"),
                        SMALL),
                bounded.content());
    }

    @Test
    void allPicturesTogetherAreBounded() {
        List<Content> content = limit().applied(of(SMALL, SMALL, SMALL, SMALL, SMALL)).content();

        assertEquals(List.of(SMALL, SMALL, SMALL, SMALL), content.subList(0, 4));
        assertEquals(true, content.get(4) instanceof Content.Text);
    }

    @Test
    void aStructuredFormThatIsTooLongIsLeftOut() {
        ToolOutput bounded =
                limit().applied(
                                new ToolOutput(
                                        List.of(new Content.Text("short")),
                                        Optional.of("\"" + "a".repeat(999) + "\""),
                                        false,
                                        Optional.of("{}")));

        assertEquals(Optional.empty(), bounded.structuredJson());
        assertEquals(Optional.empty(), bounded.json());
        assertEquals(
                new Content.Text(
                        "[The structured form of 1001 bytes was left out, for it may have at most"
                                + " 1000.]"),
                bounded.content().getLast());
    }

    @Test
    void anAnswerLongerThanItsPartsIsLeftOut() {
        ToolOutput output =
                new ToolOutput(
                        List.of(new Content.Text("short")),
                        Optional.empty(),
                        false,
                        Optional.of("\"" + "a".repeat(10_000) + "\""));

        assertEquals(Optional.empty(), limit().applied(output).json());
    }

    private static OutputLimit limit() {
        return new OutputLimit(1_000, 300);
    }

    private static ToolOutput of(Content... content) {
        return new ToolOutput(List.of(content), Optional.empty(), false, Optional.empty());
    }

    private static Content image(int bytes) {
        return new Content.Image(
                new Source.Inline("image/png", "A".repeat(bytes * 4 / 3)), Optional.empty());
    }
}
