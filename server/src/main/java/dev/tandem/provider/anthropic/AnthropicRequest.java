package dev.tandem.provider.anthropic;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.tandem.conversation.AnswerFormat;
import dev.tandem.conversation.ToolSpec;
import dev.tandem.provider.ModelRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A request in Anthropic's words. Pure: it decides everything when it is made, and [#body] only
/// writes.
final class AnthropicRequest {
    /// Anthropic has no mode that answers "any JSON object", and leaving it out would change the
    /// shape of the answer. An instruction is what its own guide advises.
    private static final String JSON_OBJECT =
            "Answer with one JSON object and nothing else: no text around it, no code fence.";

    private final ModelRequest request;
    private final boolean cached;
    private final Set<String> ignored = new LinkedHashSet<>();
    private final ClaudeModel traits;
    private final AnthropicMessages messages;
    private final AnthropicOptions options;

    /// @throws dev.tandem.failure.Failure for what the model cannot do and what cannot be left out
    AnthropicRequest(ModelRequest request, AnthropicSettings settings) {
        this.request = request;
        this.cached = settings.promptCache() && request.kept();
        this.traits = ClaudeModel.of(request.model(), settings.version());
        this.messages = new AnthropicMessages(request.messages(), request.model(), traits, ignored);
        this.options = new AnthropicOptions(request, traits, messages.lacksThoughts(), ignored);
    }

    /// The parameters that were left out, in OpenAI's names.
    List<String> ignoredParameters() {
        return List.copyOf(ignored);
    }

    /// The body to send.
    byte[] body() {
        return body(Optional.empty(), Optional.empty());
    }

    /// The body that has a paused answer gone on with.
    ///
    /// @param partial its content so far, as it came
    /// @param container where Anthropic runs code for it
    byte[] body(Optional<String> partial, Optional<String> container) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(4096);
        try (JsonGenerator json = Json.FACTORY.createGenerator(bytes)) {
            json.writeStartObject();
            json.writeStringField("model", request.model());
            options.write(json);
            if (container.isPresent()) {
                json.writeStringField("container", container.get());
            }
            if (cached) {
                writeCacheControl(json);
            }
            writeSystem(json);
            writeTools(json);
            messages.write(json, partial);
            json.writeBooleanField("stream", true);
            json.writeEndObject();
        } catch (IOException impossible) {
            throw new IllegalStateException("a request could not be written", impossible);
        }
        return bytes.toByteArray();
    }

    /// Marks the last block of the request; the next turn reads what this one wrote.
    private static void writeCacheControl(JsonGenerator json) throws IOException {
        json.writeObjectFieldStart("cache_control");
        json.writeStringField("type", "ephemeral");
        json.writeEndObject();
    }

    private void writeSystem(JsonGenerator json) throws IOException {
        Stream<String> asked =
                request.options().format() instanceof AnswerFormat.JsonObject
                        ? Stream.of(JSON_OBJECT)
                        : Stream.empty();
        String system =
                Stream.of(request.system().stream(), messages.hoisted().stream(), asked)
                        .flatMap(texts -> texts)
                        .filter(text -> !text.isBlank())
                        .collect(Collectors.joining("\n"));
        if (!system.isEmpty()) {
            json.writeStringField("system", system);
        }
    }

    private void writeTools(JsonGenerator json) throws IOException {
        if (request.tools().isEmpty()) {
            return;
        }
        json.writeArrayFieldStart("tools");
        for (ToolSpec tool : request.tools()) {
            boolean strict = tool.strict().orElse(false) && traits.takesSchemas();
            json.writeStartObject();
            json.writeStringField("name", tool.name());
            Optional<String> description = tool.description().filter(text -> !text.isBlank());
            if (description.isPresent()) {
                json.writeStringField("description", description.get());
            }
            json.writeFieldName("input_schema");
            json.writeTree(ClosedSchema.ofTool(tool.parametersJson(), strict));
            if (strict) {
                json.writeBooleanField("strict", true);
            }
            json.writeEndObject();
        }
        json.writeEndArray();
    }
}
