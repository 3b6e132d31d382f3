package dev.tandem.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class StreamGrammarTest {
    private static final String HEAD =
            "data: {\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\",";
    private static final String ROLE = chunk("{\"role\":\"assistant\",\"content\":\"\"}", "null");
    private static final String HELLO = chunk("{\"content\":\"hello\"}", "null");
    private static final String STOP = chunk("{}", "\"stop\"");
    private static final String DONE = "data: [DONE]\n\n";

    @Test
    void passesAWholeAnswer() {
        StreamGrammar.Said said = StreamGrammar.check(ROLE + HELLO + ": ping\n\n" + STOP + DONE);

        assertEquals("hello", said.text());
        assertEquals("stop", said.finishReason());
        assertEquals(1, said.pings());
    }

    @Test
    void passesInterleavedCalls() {
        String calls =
                call(
                                "{\"index\":0,\"id\":\"a\",\"type\":\"function\",\"function\":{\"name\":\"f\","
                                        + "\"arguments\":\"{\"}}")
                        + call(
                                "{\"index\":1,\"id\":\"b\",\"type\":\"function\",\"function\":"
                                        + "{\"name\":\"g\",\"arguments\":\"{}\"}}")
                        + call("{\"index\":0,\"function\":{\"arguments\":\"}\"}}");

        StreamGrammar.Said said =
                StreamGrammar.check(ROLE + calls + chunk("{}", "\"tool_calls\"") + DONE);

        assertEquals("[a f({}), b g({})]", said.calls().toString());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "no role             | HELLO STOP DONE            | role must come first",
                "two reasons         | ROLE STOP STOP DONE        | no choice may follow",
                "no reason           | ROLE HELLO DONE            | needs a reason",
                "no end              | ROLE HELLO STOP            | must end with",
                "more after the end  | ROLE STOP DONE HELLO       | nothing may follow [DONE]",
                "an event line       | ROLE EVENT STOP DONE       | must begin with 'data: '",
                "usage not announced | ROLE STOP USAGE DONE       | announced",
                "a call without id   | ROLE BARE STOP DONE        | begin with its id",
                "done after an error | ROLE ERROR DONE            | nothing may follow an error",
            })
    void refusesAStreamWith(String what, String stream, String rule) {
        String body =
                stream.replace("HELLO", HELLO)
                        .replace("ROLE", ROLE)
                        .replace("STOP", STOP)
                        .replace("DONE", DONE)
                        .replace("EVENT", "event: message\n\n")
                        .replace("USAGE", HEAD + "\"choices\":[],\"usage\":{}}\n\n")
                        .replace("BARE", call("{\"index\":0,\"function\":{\"arguments\":\"{}\"}}"))
                        .replace("ERROR", error())
                        .replace("\n\n ", "\n\n");

        AssertionError refusal =
                assertThrows(AssertionError.class, () -> StreamGrammar.check(body), what);

        String message = String.valueOf(refusal.getMessage());
        assertTrue(message.contains(rule), message);
    }

    private static String error() {
        return "data: {\"error\":{\"message\":\"m\",\"type\":\"t\",\"param\":null,\"code\":\"c\","
                + "\"status\":500,\"request_id\":\"r\"}}\n\n";
    }

    private static String call(String call) {
        return chunk("{\"tool_calls\":[" + call + "]}", "null");
    }

    private static String chunk(String delta, String reason) {
        return HEAD
                + "\"choices\":[{\"index\":0,\"delta\":"
                + delta
                + ",\"logprobs\":null,\"finish_reason\":"
                + reason
                + "}]}\n\n";
    }
}
