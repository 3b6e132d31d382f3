package dev.tandem.provider.anthropic;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The data of one event of the stream, read in one pass whatever the order of its keys. It is
/// filled again for each event, so that a delta costs no more than its own strings.
final class AnthropicFrame {
    private byte[] bytes = {};
    private int offset;

    String type = "";
    int index = -1;

    /// The block that begins, as it came.
    byte @Nullable [] block;

    String deltaType = "";

    /// The text that a delta adds, and the field of the block to which it adds it.
    String piece = "";

    String pieceField = "";

    /// The citation that a delta adds, as it came.
    byte @Nullable [] citation;

    String stopReason = "";
    @Nullable String stopSequence;
    @Nullable String refusal;
    @Nullable String container;
    final AnthropicUsage usage = new AnthropicUsage();
    String errorType = "";
    String errorMessage = "";

    /// @throws IOException when it is not JSON
    void read(byte[] data, int start, int length) throws IOException {
        clear();
        if (PlainDelta.read(data, start, length, this)) {
            return;
        }
        bytes = data;
        offset = start;
        try (JsonParser parser = Json.FACTORY.createParser(data, start, length)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return;
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                parser.nextToken();
                readField(name, parser);
            }
        }
    }

    private void clear() {
        type = "";
        index = -1;
        block = null;
        deltaType = "";
        piece = "";
        pieceField = "";
        citation = null;
        stopReason = "";
        stopSequence = null;
        refusal = null;
        container = null;
        usage.clear();
        errorType = "";
        errorMessage = "";
    }

    private void readField(String name, JsonParser parser) throws IOException {
        switch (name) {
            case "type" -> type = Json.text(parser);
            case "index" -> index = parser.getValueAsInt(-1);
            case "content_block" -> block = slice(parser);
            case "delta" -> Json.fields(parser, this::readDelta);
            case "usage" -> usage.read(parser);
            case "message" -> Json.fields(parser, this::readMessage);
            case "error" -> Json.fields(parser, this::readError);
            default -> parser.skipChildren();
        }
    }

    private void readMessage(String name, JsonParser parser) throws IOException {
        if (name.equals("usage")) {
            usage.read(parser);
        } else {
            parser.skipChildren();
        }
    }

    private void readError(String name, JsonParser parser) throws IOException {
        switch (name) {
            case "type" -> errorType = Json.text(parser);
            case "message" -> errorMessage = Json.text(parser);
            default -> parser.skipChildren();
        }
    }

    private void readDelta(String name, JsonParser parser) throws IOException {
        switch (name) {
            case "type" -> deltaType = Json.text(parser);
            case "stop_reason" -> stopReason = Json.text(parser);
            case "stop_sequence" -> stopSequence = parser.getValueAsString();
            case "stop_details" -> Json.fields(parser, this::readStopDetails);
            case "container" -> Json.fields(parser, this::readContainer);
            case "citation" -> citation = slice(parser);
            default -> readPiece(name, parser);
        }
    }

    private void readPiece(String name, JsonParser parser) throws IOException {
        if (parser.currentToken() == JsonToken.VALUE_STRING && pieceField.isEmpty()) {
            pieceField = name;
            piece = parser.getText();
        } else {
            parser.skipChildren();
        }
    }

    private void readStopDetails(String name, JsonParser parser) throws IOException {
        if (name.equals("explanation")) {
            refusal = parser.getValueAsString();
        } else {
            parser.skipChildren();
        }
    }

    private void readContainer(String name, JsonParser parser) throws IOException {
        if (name.equals("id")) {
            container = parser.getValueAsString();
        } else {
            parser.skipChildren();
        }
    }

    private byte[] slice(JsonParser parser) throws IOException {
        int from = (int) parser.currentTokenLocation().getByteOffset();
        parser.skipChildren();
        int to = (int) parser.currentLocation().getByteOffset();
        return Arrays.copyOfRange(bytes, offset + from, offset + to);
    }
}
