package dev.tandem.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.tandem.failure.Failure;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PageTokenTest {
    @Test
    void comesBackAsItWentOut() {
        PageToken token = new PageToken("sessions/", "sess_1");

        assertEquals(token, PageToken.parse(token.text(), "sessions/"));
    }

    @Test
    void isRefusedByAnotherList() {
        String text = new PageToken("sessions/", "sess_1").text();

        Failure refused =
                assertThrows(Failure.class, () -> PageToken.parse(text, "sessions/proj_1"));

        assertEquals(Optional.of("page_token"), refused.param());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "!!", "MQ", "c2Vzcw"})
    void garbageIsRefused(String text) {
        assertThrows(Failure.class, () -> PageToken.parse(text, "sessions/"));
    }

    @Test
    void aPageHasANextOneOnlyIfARowMoreWasRead() {
        Page<String> whole = Page.of(List.of("a", "b"), 2, "l", row -> row);
        Page<String> cut = Page.of(List.of("a", "b", "c"), 2, "l", row -> row);

        assertEquals(Optional.empty(), whole.next());
        assertEquals(List.of("a", "b"), cut.items());
        assertEquals(Optional.of(new PageToken("l", "b")), cut.next());
    }

    @Test
    void tooLargeAPageIsMadeSmaller() {
        assertEquals(1000, PageRequest.of(Optional.of(5000), Optional.empty(), "l").size());
        assertEquals(50, PageRequest.of(Optional.empty(), Optional.empty(), "l").size());
    }
}
