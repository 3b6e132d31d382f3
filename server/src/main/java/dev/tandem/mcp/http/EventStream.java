package dev.tandem.mcp.http;

import dev.tandem.failure.Failure;
import dev.tandem.provider.http.ByteSource;
import dev.tandem.provider.http.SseReader;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// Events of one stream, with their names, and where in the stream they stand. Belongs to one
/// thread.
final class EventStream {
    private final SseReader reader;
    private final Place place;
    private String name = "";
    private Optional<String> id = Optional.empty();

    /// @param name `message` where the server gives it none
    /// @param data may be empty
    record Event(String name, String data) {}

    /// @param place told where the stream stands
    /// @param eventBytesMax the most bytes of one event
    EventStream(ByteSource source, Place place, int eventBytesMax) {
        this.reader = new SseReader(source, eventBytesMax, this::field);
        this.place = place;
    }

    /// Blocks until there is an event.
    ///
    /// @return empty at the end
    /// @throws Failure where the stream breaks off or an event is too long
    Optional<Event> next() throws InterruptedException {
        if (!reader.next()) {
            return Optional.empty();
        }
        String data =
                new String(
                        reader.buffer(), reader.offset(), reader.length(), StandardCharsets.UTF_8);
        Event event = new Event(name.isEmpty() ? "message" : name, data);
        name = "";
        reached();
        return Optional.of(event);
    }

    private void field(byte[] buffer, int start, int end) {
        if (start == end) {
            // an event without data is none, but it says where the stream stands
            name = "";
            reached();
            return;
        }
        String line = new String(buffer, start, end - start, StandardCharsets.UTF_8);
        int colon = line.indexOf(':');
        String field = colon < 0 ? line : line.substring(0, colon);
        String text = colon < 0 ? "" : line.substring(colon + 1);
        String value = text.startsWith(" ") ? text.substring(1) : text;
        switch (field) {
            case "event" -> name = value;
            // one that cannot stand in a header is of no use
            case "id" -> id = Optional.of(HeaderText.isPlain(value) ? value : "");
            case "retry" -> place.retry(value);
            default -> {
                // a comment, or a field of times to come
            }
        }
    }

    private void reached() {
        id.ifPresent(place::reached);
        id = Optional.empty();
    }
}
