package dev.tandem.storage.jdbc;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import dev.tandem.run.RunEvent;
import dev.tandem.run.RunInfo;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Events of runs as JSON: an array with one array for each, which begins with a letter for its
/// kind. What begins a run is a letter only, for the run's row says the rest.
final class RunEventJson {
    private static final JsonFactory JSON =
            JsonFactory.builder()
                    .recyclerPool(JsonRecyclerPools.sharedConcurrentDequePool())
                    .streamReadConstraints(
                            StreamReadConstraints.builder()
                                    .maxStringLength(Integer.MAX_VALUE)
                                    .build())
                    .build();

    private RunEventJson() {}

    static String write(List<RunEvent> events) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(text)) {
            json.writeStartArray();
            for (RunEvent event : events) {
                json.writeStartArray();
                write(event, json);
                json.writeEndArray();
            }
            json.writeEndArray();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return text.toString();
    }

    private static void write(RunEvent event, JsonGenerator json) throws IOException {
        switch (event) {
            case RunEvent.Queued(int ahead) -> {
                json.writeString("q");
                json.writeNumber(ahead);
            }
            case RunEvent.Started _ -> json.writeString("s");
            case RunEvent.Text(String text) -> texts(json, "t", text);
            case RunEvent.Reasoning(String text) -> texts(json, "r", text);
            case RunEvent.ToolCall(int index, String id, String name) -> {
                texts(json, "c", id, name);
                json.writeNumber(index);
            }
            case RunEvent.ToolArguments(int index, String fragment) -> {
                texts(json, "a", fragment);
                json.writeNumber(index);
            }
            case RunEvent.ToolUse(String id, String name, String input) ->
                    texts(json, "u", id, name, input);
            case RunEvent.ServerArguments(String id, String fragment) ->
                    texts(json, "b", id, fragment);
            case RunEvent.ServerCall call -> texts(json, "x", ToolEventJson.write(call));
            case RunEvent.CallProgress news -> texts(json, "x", ToolEventJson.write(news));
            case RunEvent.ApprovalAsked asked -> texts(json, "x", ToolEventJson.write(asked));
            case RunEvent.ApprovalDecided decided -> texts(json, "x", ToolEventJson.write(decided));
            case RunEvent.Warned warned -> texts(json, "x", ToolEventJson.write(warned));
            case RunEvent.TurnStarted turn -> texts(json, "x", ToolEventJson.write(turn));
            case RunEvent.ToolResult result when !result.output().isEmpty() ->
                    texts(json, "x", ToolEventJson.write(result));
            case RunEvent.ToolResult result -> {
                texts(json, "o", result.id(), result.name(), result.content());
                json.writeBoolean(result.failed());
                json.writeNumber(result.took().map(Duration::toMillis).orElse(-1L));
            }
            case RunEvent.End end ->
                    throw new IllegalArgumentException("an end stands in its run: " + end);
        }
    }

    private static void texts(JsonGenerator json, String... texts) throws IOException {
        for (String text : texts) {
            json.writeString(text);
        }
    }

    static List<RunEvent> read(String text, RunInfo run) {
        List<RunEvent> events = new ArrayList<>();
        try (JsonParser json = JSON.createParser(text)) {
            expect(json, JsonToken.START_ARRAY);
            while (json.nextToken() == JsonToken.START_ARRAY) {
                events.add(event(json, run));
                expect(json, JsonToken.END_ARRAY);
            }
        } catch (IOException broken) {
            throw new UncheckedIOException("what is stored of a run is not whole", broken);
        }
        return events;
    }

    private static RunEvent event(JsonParser json, RunInfo run) throws IOException {
        String kind = text(json);
        return switch (kind) {
            case "q" -> new RunEvent.Queued(number(json));
            case "s" -> new RunEvent.Started(run);
            case "t" -> new RunEvent.Text(text(json));
            case "r" -> new RunEvent.Reasoning(text(json));
            case "c" -> {
                String id = text(json);
                String name = text(json);
                yield new RunEvent.ToolCall(number(json), id, name);
            }
            case "a" -> {
                String fragment = text(json);
                yield new RunEvent.ToolArguments(number(json), fragment);
            }
            case "u" -> new RunEvent.ToolUse(text(json), text(json), text(json));
            case "o" ->
                    new RunEvent.ToolResult(
                            text(json), text(json), text(json), List.of(), truth(json), took(json));
            case "b" -> new RunEvent.ServerArguments(text(json), text(json));
            case "x" -> ToolEventJson.read(text(json));
            default -> throw new IOException("an event of the unknown kind " + kind);
        };
    }

    private static String text(JsonParser json) throws IOException {
        expect(json, JsonToken.VALUE_STRING);
        return json.getText();
    }

    private static int number(JsonParser json) throws IOException {
        expect(json, JsonToken.VALUE_NUMBER_INT);
        return json.getIntValue();
    }

    private static boolean truth(JsonParser json) throws IOException {
        json.nextToken();
        return json.getBooleanValue();
    }

    private static Optional<Duration> took(JsonParser json) throws IOException {
        expect(json, JsonToken.VALUE_NUMBER_INT);
        long millis = json.getLongValue();
        return millis < 0 ? Optional.empty() : Optional.of(Duration.ofMillis(millis));
    }

    private static void expect(JsonParser json, JsonToken token) throws IOException {
        if (json.nextToken() != token) {
            throw new IOException("expected " + token + ", found " + json.currentToken());
        }
    }
}
