package dev.tandem.plugin;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import dev.tandem.failure.Failure;
import dev.tandem.id.Ids;
import dev.tandem.plugin.BoundedBody.Body;
import dev.tandem.tool.ToolOutput;
import dev.tandem.tool.ToolScope;
import dev.tandem.tool.ToolWatcher;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/// The webhooks of the configuration. Each call is one POST, signed where the webhook has a secret.
final class WebhookServer implements PluginServer {
    private static final String NAME = "webhooks";

    private final List<Hook> hooks;
    private final List<CheckedTool> tools;
    private final int answerBytesMax;
    private final Ids ids;
    private final InstantSource clock;
    private final WebhookClient client;

    private record Hook(WebhookSettings settings, Optional<WebhookSigner> signer) {
        static Hook of(WebhookSettings settings) {
            return new Hook(settings, settings.secret().map(WebhookSigner::new));
        }
    }

    /// @param pause before a second try
    WebhookServer(PluginSettings settings, Ids ids, InstantSource clock, Pause pause) {
        this.ids = ids;
        this.clock = clock;
        this.client = new WebhookClient(settings.connectMax(), settings.answerBytesMax(), pause);
        this.answerBytesMax = settings.answerBytesMax();
        this.hooks = settings.webhooks().stream().map(Hook::of).toList();
        this.tools =
                settings.webhooks().stream()
                        .map(webhook -> CheckedTool.of(webhook.tool()))
                        .toList();
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String source() {
        return "the setting plugins.webhooks";
    }

    @Override
    public Optional<String> version() {
        return Optional.empty();
    }

    @Override
    public List<CheckedTool> tools() {
        return tools;
    }

    @Override
    public ToolOutput call(ToolScope scope, String tool, String arguments, ToolWatcher watcher)
            throws InterruptedException {
        Hook hook = hook(tool);
        HttpRequest request = request(hook, scope, arguments);
        HttpResponse<Body> answer = client.post(tool, request, hook.settings().totalMax());
        Body body = answer.body();
        if (body.cut() && answer.statusCode() / 100 == 2) {
            return ToolOutput.failure(
                    "The webhook %s answered with more than %d bytes."
                            .formatted(tool, answerBytesMax));
        }
        String text = hook.settings().scrub(body.text());
        return WebhookAnswer.read(tool, answer.statusCode(), answer.headers(), text);
    }

    private Hook hook(String tool) {
        return hooks.stream()
                .filter(hook -> hook.settings().name().equals(tool))
                .findFirst()
                .orElseThrow(() -> Failure.notFound("tool", "There is no webhook " + tool + "."));
    }

    private HttpRequest request(Hook hook, ToolScope scope, String arguments) {
        WebhookSettings webhook = hook.settings();
        String id = ids.message();
        Instant now = clock.instant();
        String timestamp = Long.toString(now.getEpochSecond());
        byte[] body = body(id, now, webhook.name(), scope, arguments);
        HttpRequest.Builder request =
                HttpRequest.newBuilder(webhook.url())
                        .setHeader("user-agent", "tandem")
                        .setHeader("content-type", "application/json")
                        .setHeader("accept", "application/json, text/plain")
                        .setHeader("webhook-id", id)
                        .setHeader("webhook-timestamp", timestamp)
                        .POST(BodyPublishers.ofByteArray(body));
        hook.signer()
                .map(signer -> signer.sign(id, timestamp, body))
                .ifPresent(signature -> request.setHeader("webhook-signature", signature));
        for (WebhookHeader header : webhook.headers()) {
            request.setHeader(header.name(), header.value().reveal());
        }
        return request.build();
    }

    /// Every field is there, `null` where there is none. Arguments are handed on as they came.
    private static byte[] body(
            String id, Instant now, String tool, ToolScope scope, String arguments) {
        ObjectNode json = ArgumentsSchema.JSON.createObjectNode();
        json.put("id", id).put("tool", tool);
        json.putRawValue("arguments", new RawValue(arguments));
        json.put("tenant", scope.tenant());
        json.put("session_id", scope.sessionId().orElse(null));
        json.put("project_id", scope.projectId().orElse(null));
        json.put("run_id", scope.runId().orElse(null));
        json.put("time", now.toString());
        try {
            return ArgumentsSchema.JSON.writeValueAsBytes(json);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("a webhook's call is no JSON", impossible);
        }
    }

    @Override
    public void close() {
        client.close();
    }
}
