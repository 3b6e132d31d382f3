package dev.tandem.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.tandem.failure.Failure;
import dev.tandem.failure.FailureCode;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class FrontDoorTest {
    private final FrontDoor door = FrontDoor.loopbackOnly();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost",
                "localhost:8000",
                "LOCALHOST:1",
                "127.0.0.1:8000",
                "[::1]:8000",
                "[::1]",
                "::1"
            })
    void letsLoopbackHostsIn(String host) {
        door.enter(Optional.of(host), Optional.empty());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "evil.example",
                "evil.example:8000",
                "localhost.evil.example",
                "127.0.0.1.evil",
                "10.0.0.1:8000",
                "",
                "[::2]:8000"
            })
    void keepsOtherHostsOut(String host) {
        Failure refused =
                assertThrows(Failure.class, () -> door.enter(Optional.of(host), Optional.empty()));

        assertEquals(FailureCode.FORBIDDEN, refused.code());
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://evil.example", "null", "http://localhost.evil", "file://"})
    void keepsWebPagesOfOtherOriginsOut(String origin) {
        assertThrows(
                Failure.class, () -> door.enter(Optional.of("localhost"), Optional.of(origin)));
    }

    @Test
    void letsItsOwnWebPagesIn() {
        door.enter(Optional.of("localhost:8000"), Optional.of("http://localhost:8000"));
    }

    @Test
    void anOpenDoorLetsEverybodyIn() {
        FrontDoor.open().enter(Optional.of("evil.example"), Optional.of("https://evil.example"));
    }

    @Test
    void letsPagesOfListedOriginsIn() {
        FrontDoor listing = FrontDoor.loopbackOnly(Set.of("https://app.example"));

        listing.enter(Optional.of("localhost"), Optional.of("https://app.example"));
        assertThrows(
                Failure.class,
                () -> listing.enter(Optional.of("localhost"), Optional.of("https://b.example")));
        assertThrows(
                Failure.class,
                () ->
                        listing.enter(
                                Optional.of("evil.example"), Optional.of("https://app.example")));
    }
}
