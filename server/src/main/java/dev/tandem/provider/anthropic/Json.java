package dev.tandem.provider.anthropic;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;

/// The JSON of this package: one factory, one mapper, and the loops around a parser.
final class Json {
    /// Keeps numbers as they were written: `1.50` is not `1.5` to whoever signed it.
    static final JsonMapper MAPPER =
            JsonMapper.builder(factory())
                    .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                    .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
                    .build();

    static final JsonFactory FACTORY = MAPPER.getFactory();

    private Json() {}

    /// Buffers are shared and not kept by each thread: a run's thread lives as long as its answer
    /// and needs them for its first moment.
    private static JsonFactory factory() {
        return JsonFactory.builder()
                .recyclerPool(JsonRecyclerPools.sharedConcurrentDequePool())
                .build();
    }

    /// What to do with one field of an object. It must leave the parser at the value's end.
    interface Field {
        void read(String name, JsonParser parser) throws IOException;
    }

    /// Reads the fields of the object at which the parser stands; anything else has none.
    static void fields(JsonParser parser, Field field) throws IOException {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            parser.skipChildren();
            return;
        }
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            parser.nextToken();
            field.read(name, parser);
        }
    }

    /// The text at which the parser stands; empty for anything else.
    static String text(JsonParser parser) throws IOException {
        if (parser.currentToken() == JsonToken.VALUE_STRING) {
            return parser.getText();
        }
        parser.skipChildren();
        return "";
    }
}
