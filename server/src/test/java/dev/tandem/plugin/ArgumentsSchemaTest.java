package dev.tandem.plugin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import dev.tandem.failure.Failure;
import dev.tandem.failure.FailureCode;
import dev.tandem.failure.Violation;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class ArgumentsSchemaTest {
    private static final ArgumentsSchema TRIP =
            ArgumentsSchema.of(
                    """
                    {"type": "object", "required": ["city"], "additionalProperties": false,
                     "properties": {
                      "city": {"type": "string"},
                      "days": {"type": "integer", "maximum": 7},
                      "stops": {"type": "array", "items": {"$ref": "#/$defs/stop"}}},
                     "$defs": {"stop": {"type": "object", "required": ["name"]}}}
                    """);

    @Test
    void argumentsThatFitHaveNoViolations() {
        assertEquals(
                List.of(),
                TRIP.violations(
                        """
                        {"city": "Paris", "days": 7, "stops": [{"name": "Lyon"}]}
                        """));
    }

    @Test
    void namesTheFieldsAtFault() {
        List<String> fields =
                TRIP.violations("{\"days\": 9, \"stops\": [{}], \"kind\": 1}").stream()
                        .map(Violation::field)
                        .sorted()
                        .toList();

        assertEquals(List.of("city", "days", "kind", "stops[0].name"), fields);
        assertEquals(
                List.of(new Violation("days", "days: must have a maximum value of 7")),
                TRIP.violations("{\"city\": \"Paris\", \"days\": 8}"));
    }

    @Test
    void argumentsThatAreNoObjectOrCanBeReadInTwoWaysAreInvalid() {
        for (String bad :
                List.of("[1]", "\"x\"", "", "{", "{} {}", "{\"city\":\"a\",\"city\":\"b\"}")) {
            Failure refused = assertThrows(Failure.class, () -> TRIP.violations(bad), bad);

            assertEquals(FailureCode.INVALID_REQUEST, refused.code());
            assertEquals("arguments", refused.param().orElseThrow());
        }
    }

    @Test
    void aSchemaThatIsNoneIsRefused() {
        assertRefused("it is no JSON: ", "{");
        assertRefused("a JSON Schema must be a JSON object", "[]");
        assertRefused("it is no JSON Schema: /type: ", "{\"type\": \"strnig\"}");
        assertRefused("it is no JSON Schema: ", "{\"$ref\": \"#/$defs/none\"}");
        assertRefused("it is no JSON Schema: ", "{\"$schema\": \"http://example.com/own\"}");
        assertRefused("it is no JSON Schema: ", "{\"properties\": {\"a\": {\"pattern\": \"(\"}}}");
    }

    @Test
    void anOlderDraftIsTakenByItsName() {
        ArgumentsSchema old =
                ArgumentsSchema.of(
                        """
                        {"$schema": "http://json-schema.org/draft-07/schema#",
                         "definitions": {"a": {"type": "string"}},
                         "properties": {"a": {"$ref": "#/definitions/a"}}}
                        """);

        assertEquals("a", old.violations("{\"a\": 1}").getFirst().field());
    }

    @Test
    void schemasOfOneIdAreKeptApart() {
        String schema = "{\"$id\": \"https://example.com/s\", \"required\": [\"%s\"]}";
        ArgumentsSchema first = ArgumentsSchema.of(schema.formatted("a"));
        ArgumentsSchema second = ArgumentsSchema.of(schema.formatted("b"));

        assertEquals("a", first.violations("{}").getFirst().field());
        assertEquals("b", second.violations("{}").getFirst().field());
    }

    @Test
    void fetchesNothing() throws IOException {
        AtomicInteger asked = new AtomicInteger();
        HttpServer server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext(
                "/",
                exchange -> {
                    asked.incrementAndGet();
                    exchange.close();
                });
        server.start();
        try {
            String url = "http://127.0.0.1:" + server.getAddress().getPort() + "/s.json";

            assertRefused("it is no JSON Schema: ", "{\"$ref\": \"" + url + "\"}");
            assertRefused("it is no JSON Schema: ", "{\"$schema\": \"" + url + "\"}");
            assertRefused("it is no JSON Schema: ", "{\"$ref\": \"file:///etc/passwd\"}");
            assertEquals(0, asked.get());
        } finally {
            server.stop(0);
        }
    }

    private static void assertRefused(String message, String schema) {
        String said =
                assertThrows(IllegalArgumentException.class, () -> ArgumentsSchema.of(schema))
                        .getMessage();
        assertTrue(String.valueOf(said).startsWith(message), () -> schema + ": " + said);
    }
}
