package dev.tandem.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tandem.conversation.Message;
import dev.tandem.conversation.Role;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class TitleTest {
    @Test
    void isTheFirstUserMessageInOneLine() {
        assertEquals(
                Optional.of("Why is the sky blue?"),
                Title.of(
                        List.of(
                                Message.text(Role.ASSISTANT, "hello"),
                                Message.text(Role.USER, "  Why is\n the sky\tblue? "))));
    }

    @Test
    void isCutAt60CharactersAndNeverInsideOne() {
        String smileys = "😀".repeat(100);

        assertEquals(
                Optional.of("😀".repeat(60)), Title.of(List.of(Message.text(Role.USER, smileys))));
    }

    @Test
    void nothingSaidIsNoTitle() {
        assertEquals(Optional.empty(), Title.of(List.of(Message.text(Role.USER, " "))));
    }
}
