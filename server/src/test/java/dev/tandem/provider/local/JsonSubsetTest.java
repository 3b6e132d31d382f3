package dev.tandem.provider.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.tandem.failure.Failure;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class JsonSubsetTest {
    @Test
    void letsWhatItKnowsPass() {
        String schema =
                "{\"type\":\"object\",\"properties\":{\"city\":{\"type\":\"string\"},"
                        + "\"tags\":{\"type\":\"array\",\"items\":{\"enum\":[\"a\",1]}},"
                        + "\"size\":{\"anyOf\":[{\"type\":\"integer\"},{\"const\":null}]}},"
                        + "\"required\":[\"city\"],\"additionalProperties\":false}";

        assertEquals(schema, JsonSubset.checked(schema));
    }

    @ParameterizedTest
    @ValueSource(strings = {"nonsense", "", "[]", "{}", "{\"type\":\"string\"}"})
    void refusesByNameWhatIsNotAnObject(String schema) {
        assertRefused(schema);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "7",
                "{\"type\":\"nonsense\"}",
                "{\"type\":[\"string\",\"null\"]}",
                "{\"$ref\":\"#/definitions/none\"}",
                "{\"type\":\"string\",\"pattern\":\"((\"}",
                "{\"enum\":[]}",
                "{\"enum\":[{}]}",
                "{\"enum\":[\"a\\\"b\"]}",
                "{\"const\":\"a\\\\b\"}",
                "{\"anyOf\":[]}",
                "{\"type\":\"object\",\"properties\":[]}",
                "{\"type\":\"object\",\"properties\":{\"\":{\"type\":\"string\"}}}",
                "{\"type\":\"object\",\"required\":[\"a\"]}",
                "{\"type\":\"object\",\"additionalProperties\":{\"type\":\"string\"}}",
                "{\"type\":\"array\",\"items\":[]}"
            })
    void refusesByNameWhatCouldEndTheProcess(String inner) {
        assertRefused("{\"type\":\"object\",\"properties\":{\"a\":" + inner + "}}");
    }

    @Test
    void refusesWhatIsTooDeep() {
        String deep =
                "{\"type\":\"object\",\"properties\":{\"a\":".repeat(50) + "{}" + "}}".repeat(50);

        assertRefused(deep);
    }

    private static void assertRefused(String schema) {
        Failure failure = assertThrows(Failure.class, () -> JsonSubset.checked(schema));

        assertEquals(Optional.of("response_format"), failure.param());
    }
}
