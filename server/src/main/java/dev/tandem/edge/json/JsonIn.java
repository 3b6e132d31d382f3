package dev.tandem.edge.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.tandem.failure.Failure;
import dev.tandem.failure.FailureCode;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Reads one JSON document from front to back, strictly, and knows at every moment where it is:
/// whatever is wrong becomes a [Failure] that names the place, such as `messages[0].role`.
///
/// It always stands at a value: first at the document's, then at each that [#nextKey] or
/// [#nextElement] moved to. Every value must be read or skipped before the next move.
public final class JsonIn {
    /// How deep objects and arrays may nest.
    public static final int DEPTH_MAX = JsonDocument.DEPTH_MAX;

    private static final Pattern DUPLICATE = Pattern.compile("^Duplicate field '(.*)'");

    private final byte[] body;
    private final JsonParser parser;
    private final JsonPath path = new JsonPath();

    /// Begins to read a document, which is UTF-8 with or without a byte order mark.
    public JsonIn(byte[] document) {
        this.body = JsonDocument.utf8(document);
        this.parser = JsonDocument.open(body);
        if (advance() == null) {
            throw new Failure(
                    FailureCode.INVALID_REQUEST, "The body is empty; it must be a JSON value.");
        }
    }

    /// What the value here is.
    public JsonKind kind() {
        return JsonKind.of(parser.currentToken());
    }

    public boolean isNull() {
        return parser.currentToken() == JsonToken.VALUE_NULL;
    }

    /// Where the value here is, such as `messages[0].role`; empty for the document itself.
    public String path() {
        return path.toString();
    }

    /// Enters the object here.
    public void enterObject() {
        require(JsonToken.START_OBJECT, "an object");
        path.enter();
    }

    /// Moves to the next value of the object, or leaves the object.
    public boolean nextKey() {
        if (advance() == JsonToken.END_OBJECT) {
            path.leave();
            return false;
        }
        path.key(currentName());
        advance();
        return true;
    }

    /// The key of the value here.
    public String key() {
        return path.key();
    }

    /// Enters the array here.
    public void enterArray() {
        require(JsonToken.START_ARRAY, "an array");
        path.enter();
    }

    /// Moves to the next element of the array, or leaves the array.
    public boolean nextElement() {
        if (advance() == JsonToken.END_ARRAY) {
            path.leave();
            return false;
        }
        path.nextIndex();
        return true;
    }

    public String string() {
        require(JsonToken.VALUE_STRING, "a string");
        return text();
    }

    public boolean bool() {
        JsonToken token = parser.currentToken();
        if (token != JsonToken.VALUE_TRUE && token != JsonToken.VALUE_FALSE) {
            throw wrong("a boolean");
        }
        return token == JsonToken.VALUE_TRUE;
    }

    /// Reads a whole number, also one written as `1.0`.
    public long int64() {
        return whole(Long.MIN_VALUE, Long.MAX_VALUE);
    }

    /// Reads a whole number between two bounds.
    public long whole(long min, long max) {
        if (kind() != JsonKind.NUMBER) {
            throw wrong("a whole number");
        }
        try {
            long number = number().longValueExact();
            if (number >= min && number <= max) {
                return number;
            }
        } catch (ArithmeticException beyond) {
            // said below
        }
        throw failure("must be a whole number" + bounds(min, max) + ", was " + numberText());
    }

    private static String bounds(long min, long max) {
        if (max < Long.MAX_VALUE) {
            return " from " + min + " to " + max;
        }
        return min > Long.MIN_VALUE ? " of at least " + min : " of at most 64 bits";
    }

    public double float64() {
        if (kind() != JsonKind.NUMBER) {
            throw wrong("a number");
        }
        double number = number().doubleValue();
        if (!Double.isFinite(number)) {
            throw failure("is out of range: " + numberText());
        }
        return number;
    }

    /// Reads an amount of dollars as billionths of a dollar.
    public long dollars() {
        if (kind() != JsonKind.NUMBER) {
            throw wrong("an amount of dollars, a number");
        }
        try {
            return Dollars.nanos(number());
        } catch (ArithmeticException inexact) {
            throw failure("must have at most 9 decimals and fit in range, was " + numberText());
        }
    }

    /// Reads whatever is here as JSON text, as it was written.
    public String json() {
        int from = (int) parser.currentTokenLocation().getByteOffset();
        skip();
        int to = (int) parser.currentLocation().getByteOffset();
        return new String(body, from, to - from, StandardCharsets.UTF_8);
    }

    /// Passes over whatever is here.
    public void skip() {
        try {
            parser.skipChildren();
            parser.finishToken();
        } catch (IOException | IllegalStateException malformed) {
            throw malformed(malformed);
        }
    }

    /// Checks that nothing follows the document.
    public void end() {
        if (advance() != null) {
            throw new Failure(
                    FailureCode.INVALID_REQUEST,
                    "The body must be one JSON value; there is more after it" + place() + ".");
        }
    }

    /// A failure about the value here, for a sentence that begins with its path.
    public Failure failure(String claim) {
        String where = path();
        return where.isEmpty()
                ? new Failure(FailureCode.INVALID_REQUEST, "The body " + claim + ".")
                : Failure.invalid(where, where + " " + claim + ".");
    }

    /// A failure about a field of the object that has just been read.
    public Failure failureAt(String field, String claim) {
        String object = path();
        String where = object.isEmpty() ? field : object + "." + field;
        return Failure.invalid(where, where + " " + claim + ".");
    }

    /// A failure that says what was expected here and what is.
    public Failure wrong(String expected) {
        return failure("must be " + expected + ", not " + kind().words());
    }

    private void require(JsonToken token, String expected) {
        if (parser.currentToken() != token) {
            throw wrong(expected);
        }
    }

    private @Nullable JsonToken advance() {
        try {
            return parser.nextToken();
        } catch (IOException | IllegalStateException malformed) {
            throw twice(JsonDocument.said(malformed)).orElseGet(() -> malformed(malformed));
        }
    }

    /// The parser knows of a key that came before only in its message.
    private Optional<Failure> twice(String message) {
        Matcher duplicate = DUPLICATE.matcher(message);
        if (!duplicate.find()) {
            return Optional.empty();
        }
        path.key(duplicate.group(1));
        return Optional.of(failure("is given twice"));
    }

    private String currentName() {
        try {
            return parser.currentName();
        } catch (IOException malformed) {
            throw malformed(malformed);
        }
    }

    private String text() {
        try {
            return parser.getText();
        } catch (IOException malformed) {
            throw malformed(malformed);
        }
    }

    private BigDecimal number() {
        try {
            return parser.getDecimalValue();
        } catch (IOException | NumberFormatException malformed) {
            throw malformed(malformed);
        }
    }

    private String numberText() {
        String text = text();
        return text.length() <= 40 ? text : text.substring(0, 40) + "…";
    }

    private Failure malformed(Exception problem) {
        return new Failure(
                FailureCode.INVALID_REQUEST,
                "The body is not valid JSON" + place() + ": " + JsonDocument.said(problem) + ".");
    }

    private String place() {
        return " at line "
                + parser.currentLocation().getLineNr()
                + ", column "
                + parser.currentLocation().getColumnNr();
    }
}
