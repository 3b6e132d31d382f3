package dev.tandem.plugin;

import static dev.tandem.plugin.Weather.call;
import static dev.tandem.plugin.Weather.text;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tandem.conversation.Content;
import dev.tandem.plugin.Receiver.Taken;
import dev.tandem.secret.Secret;
import dev.tandem.tool.ToolOutput;
import dev.tandem.tool.ToolServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What webhooks are sent, and what they may answer.
final class WebhooksTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Weather weather = new Weather();
    private Receiver receiver;

    @BeforeEach
    void receive() throws IOException {
        receiver = new Receiver();
    }

    @AfterEach
    void close() {
        weather.close();
        receiver.close();
    }

    @Test
    void postsTheCallSignedAsTheStandardSays() throws Exception {
        ToolOutput output = call(source(hook()), " {\"city\":\"Zürich\",\"n\":1.10}");

        assertEquals(ToolOutput.text("done"), output);
        Taken taken = receiver.taken.getFirst();
        JsonNode body = JSON.readTree(taken.text());
        assertEquals("weather", body.path("tool").asText());
        assertEquals("Zürich", body.path("arguments").path("city").asText());
        assertTrue(taken.text().contains("{\"city\":\"Zürich\",\"n\":1.10}"), taken.text());
        assertEquals("acme", body.path("tenant").asText());
        assertEquals("sess_1", body.path("session_id").asText());
        assertEquals("proj_1", body.path("project_id").asText());
        assertTrue(body.path("run_id").isNull());
        assertEquals("2026-11-29T07:00:00Z", body.path("time").asText());
        assertEquals("application/json", taken.header("content-type"));
        assertEquals("Bearer " + Weather.PASSWORD, taken.header("authorization"));
        assertEquals("tandem", taken.header("user-agent"));

        String id = taken.header("webhook-id");
        String timestamp = taken.header("webhook-timestamp");
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(Weather.KEY, "HmacSHA256"));
        byte[] signed =
                (id + "." + timestamp + "." + taken.text()).getBytes(StandardCharsets.UTF_8);
        assertEquals(
                "v1," + Base64.getEncoder().encodeToString(mac.doFinal(signed)),
                taken.header("webhook-signature"));
        assertEquals(id, body.path("id").asText());
        assertEquals(Long.toString(Scopes.NOW.getEpochSecond()), timestamp);
    }

    @Test
    void twoCallsHaveTwoIds() throws Exception {
        PluginSource source = source(hook());

        ToolOutput _ = call(source);
        ToolOutput _ = call(source);

        assertFalse(
                receiver.taken
                        .get(0)
                        .header("webhook-id")
                        .equals(receiver.taken.get(1).header("webhook-id")));
    }

    @Test
    void withoutASecretNothingIsSigned() throws Exception {
        ToolOutput _ = call(source(hook(Optional.empty(), Duration.ofSeconds(5))));

        assertFalse(receiver.taken.getFirst().headers().containsKey("webhook-signature"));
    }

    @Test
    void webhooksAreTheToolsOfOneServer() throws Exception {
        PluginSource source = source(hook());

        ToolServer server = source.servers(Scopes.PROJECT).getFirst();

        assertEquals("webhooks", server.name());
        assertEquals(ToolServer.Origin.PLUGIN, server.origin());
        assertEquals("weather", source.tools(Scopes.PROJECT, "webhooks").getFirst().name());
        assertEquals(
                Weather.SCHEMA,
                source.tools(Scopes.PROJECT, "webhooks").getFirst().inputSchemaJson());
    }

    @Test
    void argumentsThatDoNotFitAreNotPosted() throws Exception {
        ToolOutput refused = call(source(hook()), "{\"city\":5}");

        assertTrue(refused.failed());
        assertEquals(
                "The arguments of weather do not fit its schema:"
                        + " city: integer found, string expected.",
                text(refused));
        assertEquals(List.of(), receiver.taken);
    }

    @Test
    void takesEveryFormOfAnswer() throws Exception {
        assertAnswer("sunny", "text/plain; charset=utf-8", "sunny");
        assertAnswer("sunny", "application/json", "{\"text\":\"sunny\"}");
        assertAnswer("sunny", "application/json", "{\"content\":\"sunny\"}");
        assertAnswer(
                "sunny",
                "application/json",
                "{\"content\":[{\"type\":\"text\",\"text\":\"sunny\"}]}");
        assertAnswer("{\"sun\": true}", "application/json", "{\"sun\": true}");
        assertAnswer("[1]", "application/problem+json", "[1]");
    }

    private void assertAnswer(String text, String type, String body) throws InterruptedException {
        receiver.reply(200, type, body);

        assertEquals(ToolOutput.text(text), call(source(hook())), body);
    }

    @Test
    void takesStructuredAnswersPicturesAndFailures() throws Exception {
        PluginSource source = source(hook());

        receiver.reply(
                200, "application/json", "{\"structured\":{\"sun\":true},\"is_error\":true}");
        ToolOutput structured = call(source);
        receiver.reply(
                200,
                "application/json",
                "{\"content\":[{\"type\":\"image\",\"mimeType\":\"image/png\",\"data\":\"AA==\"}]}");
        ToolOutput picture = call(source);
        receiver.reply(204, "text/plain", "");
        ToolOutput empty = call(source);

        assertEquals(Optional.of("{\"sun\":true}"), structured.structuredJson());
        assertEquals("{\"sun\":true}", text(structured));
        assertTrue(structured.failed());
        assertEquals(
                new Content.Image(new Content.Source.Inline("image/png", "AA=="), Optional.empty()),
                picture.content().getFirst());
        assertEquals(List.of(), empty.content());
        assertFalse(empty.failed());
    }

    @Test
    void whatIsNeitherJsonNorTextFails() throws Exception {
        PluginSource source = source(hook());

        receiver.reply(200, "application/json", "{sunny");
        assertEquals(
                ToolOutput.failure(
                        "The webhook weather answered with what is called JSON and is none."),
                call(source));
        receiver.reply(200, "application/pdf", "%PDF");
        assertEquals(
                ToolOutput.failure(
                        "The webhook weather answered with application/pdf, which is neither JSON"
                                + " nor text."),
                call(source));
    }

    private WebhookSettings hook() {
        return Weather.hook(receiver.uri());
    }

    private WebhookSettings hook(Optional<Secret> secret, Duration totalMax) {
        return Weather.hook(receiver.uri(), secret, totalMax);
    }

    private PluginSource source(WebhookSettings hook) {
        return weather.source(hook);
    }
}
