package dev.tandem.mcp.http;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Optional;

/// Looks into messages as far as a transport must.
final class Json {
    static final ObjectMapper MAPPER = new ObjectMapper();

    private Json() {}

    /// Whether the message is the answer to a question, or an array that holds it.
    static boolean answers(String text, long id) {
        try (JsonParser parser = MAPPER.createParser(text)) {
            JsonToken first = parser.nextToken();
            if (first != JsonToken.START_ARRAY) {
                return first == JsonToken.START_OBJECT && isAnswer(parser, id);
            }
            while (parser.nextToken() == JsonToken.START_OBJECT) {
                if (isAnswer(parser, id)) {
                    return true;
                }
            }
            return false;
        } catch (IOException malformed) {
            return false;
        }
    }

    /// Reads one object to its end.
    private static boolean isAnswer(JsonParser parser, long id) throws IOException {
        boolean method = false;
        boolean same = false;
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            JsonToken value = parser.nextToken();
            method |= name.equals("method");
            same |=
                    name.equals("id")
                            && value == JsonToken.VALUE_NUMBER_INT
                            && parser.getLongValue() == id;
            parser.skipChildren();
        }
        return same && !method;
    }

    /// The error of a message that is one; empty for anything else.
    static Optional<ObjectNode> refusal(String text) {
        try {
            return MAPPER.readTree(text) instanceof ObjectNode message
                            && message.path("error").isObject()
                            && message.path("error").path("code").isInt()
                    ? Optional.of(message)
                    : Optional.empty();
        } catch (JsonProcessingException none) {
            return Optional.empty();
        }
    }

    /// The message as an object; empty for what is none.
    static Optional<ObjectNode> object(String text) {
        try {
            JsonNode message = MAPPER.readTree(text);
            return message instanceof ObjectNode object ? Optional.of(object) : Optional.empty();
        } catch (JsonProcessingException none) {
            return Optional.empty();
        }
    }
}
