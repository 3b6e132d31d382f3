package dev.tandem.provider.anthropic;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The messages on the wire: what one role says in a row is one message.
final class AnthropicTurns {
    private final List<Turn> turns = new ArrayList<>();

    private record Turn(String role, List<Piece> pieces) {}

    /// One or several blocks of a message.
    @FunctionalInterface
    interface Piece {
        void write(JsonGenerator json) throws IOException;
    }

    boolean isEmpty() {
        return turns.isEmpty();
    }

    boolean endWith(String role) {
        return !turns.isEmpty() && turns.getLast().role().equals(role);
    }

    /// Adds to the end. A system message stands at the end of a user's turn, so what the user says
    /// after one joins the turn before it.
    void append(String role, List<Piece> pieces) {
        if (endWith(role)) {
            turns.getLast().pieces().addAll(pieces);
        } else if (role.equals("user") && endWith("system")) {
            turns.get(turns.size() - 2).pieces().addAll(pieces);
        } else {
            turns.add(new Turn(role, new ArrayList<>(pieces)));
        }
    }

    void write(JsonGenerator json, Optional<String> partial) throws IOException {
        json.writeArrayFieldStart("messages");
        for (Turn turn : turns) {
            json.writeStartObject();
            json.writeStringField("role", turn.role());
            json.writeArrayFieldStart("content");
            for (Piece piece : turn.pieces()) {
                piece.write(json);
            }
            json.writeEndArray();
            json.writeEndObject();
        }
        if (partial.isPresent()) {
            json.writeStartObject();
            json.writeStringField("role", "assistant");
            json.writeFieldName("content");
            json.writeRawValue(partial.get());
            json.writeEndObject();
        }
        json.writeEndArray();
    }
}
