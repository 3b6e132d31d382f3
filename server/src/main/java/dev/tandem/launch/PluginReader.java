package dev.tandem.launch;

import dev.tandem.plugin.PluginSettings;
import dev.tandem.plugin.WebhookHeader;
import dev.tandem.plugin.WebhookSettings;
import dev.tandem.secret.Secret;
import dev.tandem.tool.ToolHints;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// Reads which plugins and webhooks there are.
final class PluginReader {
    private PluginReader() {}

    /// @param data the folder of plugins is below it, where no other is set
    static PluginSettings read(Section section, Path data) {
        PluginSettings d = PluginSettings.DEFAULTS;
        List<WebhookSettings> webhooks =
                section.sections("webhooks").stream().map(PluginReader::webhook).toList();
        return section.checked(
                () ->
                        new PluginSettings(
                                section.path("folder", data.resolve("plugins")),
                                section.integer("calls-max", d.callsMax()),
                                section.duration("connect-max", d.connectMax()),
                                section.bytes("answer-bytes-max", d.answerBytesMax()),
                                webhooks));
    }

    private static WebhookSettings webhook(Section section) {
        String name = required(section, "name", "name the tool");
        String description = required(section, "description", "say what the tool does");
        URI url =
                section.optional("url", Kind.URL)
                        .orElseThrow(
                                () -> section.wrong("url", "is missing; say where to post to"));
        String schema = schema(section);
        ToolHints hints =
                new ToolHints(
                        section.optional("read-only", Kind.FLAG),
                        section.optional("destructive", Kind.FLAG),
                        section.optional("idempotent", Kind.FLAG),
                        Optional.empty());
        Optional<Secret> secret = section.secret("secret");
        List<WebhookHeader> headers =
                section.sections("headers").stream().map(PluginReader::header).toList();
        return section.checked(
                () ->
                        new WebhookSettings(
                                name,
                                description,
                                url,
                                schema,
                                hints,
                                secret,
                                section.duration("total-max", WebhookSettings.TOTAL_MAX),
                                headers));
    }

    private static WebhookHeader header(Section section) {
        String name = required(section, "name", "name the header");
        Secret value =
                section.secret("value")
                        .orElseThrow(
                                () ->
                                        section.wrong(
                                                "value", "is missing; set value, or value-file"));
        return section.checked(() -> new WebhookHeader(name, value));
    }

    /// The schema itself, or what a file holds.
    private static String schema(Section section) {
        Optional<String> outright = section.text("input-schema");
        Optional<Path> file = section.path("input-schema-file");
        if (outright.isPresent() && file.isPresent()) {
            throw section.wrong("input-schema", "and input-schema-file are both set; keep one");
        }
        try {
            return file.isPresent()
                    ? Files.readString(file.get())
                    : outright.orElse(WebhookSettings.ANY_ARGUMENTS);
        } catch (IOException unreadable) {
            throw section.wrong(
                    "input-schema-file", "names " + file.get() + ", which cannot be read");
        }
    }

    private static String required(Section section, String key, String remedy) {
        return section.text(key).orElseThrow(() -> section.wrong(key, "is missing; " + remedy));
    }
}
