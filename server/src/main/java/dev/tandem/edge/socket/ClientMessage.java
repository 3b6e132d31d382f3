package dev.tandem.edge.socket;

import dev.tandem.edge.json.JsonIn;
import dev.tandem.edge.json.JsonOut;
import dev.tandem.failure.Failure;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// What a client says: an id, a type, and fields whose meaning depends on the type. The id is known
/// as soon as it was read, so that a message which is wrong further on can be answered by its id.
final class ClientMessage {
    private static final int ID_CHARS_MAX = 128;

    private final Map<String, String> fields = new LinkedHashMap<>();
    private Optional<String> id = Optional.empty();
    private Optional<String> type = Optional.empty();

    /// Reads a message into this one.
    ///
    /// @throws Failure INVALID_REQUEST
    void read(byte[] utf8) {
        JsonIn in = new JsonIn(utf8);
        in.enterObject();
        while (in.nextKey()) {
            switch (in.key()) {
                case "id" -> id = Optional.of(id(in));
                case "type" -> type = Optional.of(in.string());
                default -> fields.put(in.key(), in.json());
            }
        }
        in.end();
    }

    private static String id(JsonIn in) {
        String text = in.string();
        if (text.isEmpty() || text.length() > ID_CHARS_MAX) {
            throw in.failure("must have 1 to " + ID_CHARS_MAX + " characters");
        }
        return text;
    }

    Optional<String> id() {
        return id;
    }

    /// The id, of a message that must have one.
    String requiredId() {
        return id.orElseThrow(
                () ->
                        Failure.invalid(
                                "id", "id must be a text of your choice; the answers carry it."));
    }

    /// Empty where there is none.
    String type() {
        return type.orElse("");
    }

    /// All fields but the id and the type, as an object.
    byte[] fields() {
        JsonOut out = new JsonOut().beginObject();
        fields.forEach((name, json) -> out.name(name).json(json));
        return out.endObject().toBytes();
    }

    /// The one field that a message of this type has, as JSON.
    byte[] only(String name) {
        refuseOthersThan(name);
        String json = fields.get(name);
        if (json == null) {
            throw Failure.invalid(name, name + " must be set.");
        }
        return json.getBytes(StandardCharsets.UTF_8);
    }

    /// Holds a message of a type that has no fields to that.
    void refuseFields() {
        refuseOthersThan("");
    }

    private void refuseOthersThan(String known) {
        for (String name : fields.keySet()) {
            if (!name.equals(known)) {
                throw Failure.invalid(
                        name, name + " is not a field of a message of the type " + type() + ".");
            }
        }
    }
}
