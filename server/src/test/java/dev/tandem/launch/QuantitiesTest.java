package dev.tandem.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class QuantitiesTest {
    @ParameterizedTest
    @CsvSource({
        "250ms,250",
        "30s,30000",
        "5 m,300000",
        "2h,7200000",
        "7d,604800000",
        "PT1.5S,1500"
    })
    void readsDurations(String text, long millis) {
        assertEquals(Optional.of(Duration.ofMillis(millis)), Quantities.duration(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "5", "-5s", "PT-1S", "1.5s", "99999999999999s", "s"})
    void refusesWhatIsNoDuration(String text) {
        assertEquals(Optional.empty(), Quantities.duration(text));
    }

    @ParameterizedTest
    @CsvSource({
        "0,0",
        "65536,65536",
        "64KiB,65536",
        "32 MiB,33554432",
        "1gib,1073741824",
        "2MB,2000000"
    })
    void readsSizes(String text, long bytes) {
        assertEquals(Optional.of(bytes), Quantities.bytes(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-1", "1.5MiB", "MiB", "5m", "5x"})
    void refusesWhatIsNoSize(String text) {
        assertEquals(Optional.empty(), Quantities.bytes(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0s", "250ms", "90s", "5m", "25h", "7d"})
    void writesDurationsAsOperatorsDo(String text) {
        assertEquals(text, Quantities.write(Quantities.duration(text).orElseThrow()));
    }

    @Test
    void writesSizesAsOperatorsDo() {
        assertEquals("65535B", Quantities.write(65_535));
        assertEquals("64KiB", Quantities.write(65_536));
        assertEquals("32MiB", Quantities.write(32 << 20));
        assertEquals("3GiB", Quantities.write(3L << 30));
    }
}
