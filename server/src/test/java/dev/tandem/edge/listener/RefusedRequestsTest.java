package dev.tandem.edge.listener;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Requests that no route ever sees: even then the answer carries the envelope of every failure.
final class RefusedRequestsTest {

    private static final String ENVELOPE =
            "\\{\"error\":\\{\"message\":\"[^\"]+\",\"type\":\"\\w+\",\"param\":null,\"code\":\"%s\","
                    + "\"status\":%s,\"request_id\":\"\\w+\"}}";

    private static Subject subject;

    @BeforeAll
    static void start() throws IOException {
        subject = Subject.listener(TestSettings.impatient());
    }

    @AfterAll
    static void stop() {
        subject.close();
    }

    @ParameterizedTest
    @CsvSource({
        "GET /hello HTTP/1.1x,                           400, invalid_request",
        "GET /hello HTTP/1.0,                           505, invalid_request",
        "GET /hello HTTP/1.1,                           400, invalid_request",
        "GET /he{}llo^ HTTP/1.1~Host: a,                400, invalid_request",
        "GET /hello HTTP/1.1~Host: a~no colon,          400, invalid_request",
        "GET /hello HTTP/1.1~Host: a~X: b\u0001c,       400, invalid_request",
        "POST /echo HTTP/1.1~Host: a~Content-Length: x, 400, invalid_request",
        "POST /echo HTTP/1.1~Host: a~Content-Length: 1~Content-Encoding: br, "
                + "415, unsupported_media_type",
        "POST /echo HTTP/1.1~Host: a~Content-Length: 99999999, 413, request_too_large",
        "POST /echo HTTP/1.1~Host: a~Content-Length: 9, 408, invalid_request",
        "GET http://b/hello HTTP/1.1~Host: a,           400, invalid_request",
        "GET /%LONG% HTTP/1.1~Host: a,                  414, request_too_large",
    })
    void areAnsweredWithTheEnvelope(String head, String status, String code) throws Exception {
        String request = head.replace("%LONG%", "a".repeat(9_000)).replace("~", "\r\n");
        try (RawHttp1 client = subject.http1()) {
            String answer = client.send(request + "\r\n\r\n").readToEnd();

            assertTrue(answer.startsWith("HTTP/1.1 " + status), answer);
            assertTrue(answer.contains("Content-Type: application/json"), answer);
            assertTrue(answer.toLowerCase(Locale.ROOT).contains("x-request-id: "), answer);
            String body = answer.substring(answer.indexOf("\r\n\r\n") + 4);
            assertTrue(body.matches(ENVELOPE.formatted(code, status)), body);
        }
    }

    @Test
    void keepTheRequestsOwnId() throws Exception {
        try (RawHttp1 client = subject.http1()) {
            client.post("/echo", "Content-Length: 99999999", "X-Request-Id: mine");

            assertTrue(client.readToEnd().contains("\"request_id\":\"mine\""));
        }
    }

    @Test
    void areAnsweredWithTheEnvelopeOverHttp2() throws Exception {
        try (RawHttp2 client = subject.http2()) {
            client.get(1, "/" + "a".repeat(9_000)).awaitEndOf(1);
            client.post(3, "/echo", "content-length", "99999999").awaitEndOf(3);
            client.post(5, "/echo", "content-encoding", "br").data(5, new byte[1], true);
            client.awaitEndOf(5);

            assertMatches(client.body(1), "request_too_large", "414");
            assertMatches(client.body(3), "request_too_large", "413");
            assertMatches(client.body(5), "unsupported_media_type", "415");
        }
    }

    private static void assertMatches(String body, String code, String status) {
        assertTrue(body.matches(ENVELOPE.formatted(code, status)), body);
    }

    @Test
    void carryNoBodyWhenOnlyTheHeadWasAskedFor() throws Exception {
        try (RawHttp1 client = subject.http1()) {
            client.send("HEAD /hello HTTP/1.1\r\nHost: a\r\nX: b\u0001\r\n\r\n");

            assertFalse(client.readToEnd().contains("{"));
        }
    }

    @Test
    void areNotThoseThatNameTheirHost() throws Exception {
        try (RawHttp1 client = subject.http1()) {
            client.send("GET http://test/hello HTTP/1.1\r\nHost: test\r\n\r\n");
            client.readUntil("\r\n\r\nhello");
            client.send("POST HTTP://test/echo?a=b HTTP/1.1\r\nHost: test\r\n");
            client.send("Content-Length: 2\r\n\r\nhi");
            client.readUntil("\r\n\r\nhi");
        }
    }

    @Test
    void leaveTheConnectionOfHttp2InUse() throws Exception {
        try (RawHttp2 client = subject.http2()) {
            client.post(1, "/echo").data(1, "a".getBytes(US_ASCII), false).awaitEndOf(1);
            client.get(3, "/hello").awaitEndOf(3);

            assertMatches(client.body(1), "invalid_request", "408");
            assertEquals("hello", client.body(3));
        }
    }
}
