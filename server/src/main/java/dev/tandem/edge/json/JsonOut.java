package dev.tandem.edge.json;

import java.io.IOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Writes JSON as UTF-8 into a buffer that grows. Commas come by themselves; that names and values
/// alternate is the caller's part. A space counts as the beginning of a document, so that JSON may
/// follow a prefix such as `data: `.
///
/// Any text can be written: half a surrogate pair, which a model's stream may well be cut in,
/// becomes an escape. Not for use by several threads.
public final class JsonOut {
    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] NULL = "null".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] TRUE = "true".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] FALSE = "false".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] ESCAPES = escapes();

    private byte[] bytes;
    private int size;

    public JsonOut() {
        this(512);
    }

    public JsonOut(int capacity) {
        this.bytes = new byte[capacity];
    }

    public JsonOut beginObject() {
        comma();
        return put('{');
    }

    public JsonOut endObject() {
        return put('}');
    }

    public JsonOut beginArray() {
        comma();
        return put('[');
    }

    public JsonOut endArray() {
        return put(']');
    }

    /// Writes a name; its value comes next.
    public JsonOut name(String name) {
        comma();
        quoted(name);
        return put(':');
    }

    /// Writes a name that [#quotedName] has prepared.
    JsonOut name(byte[] quoted) {
        comma();
        return bytes(quoted);
    }

    /// A name with its quotes and colon.
    static byte[] quotedName(String name) {
        return new JsonOut(name.length() + 4).name(name).toBytes();
    }

    public JsonOut value(String text) {
        comma();
        return quoted(text);
    }

    public JsonOut value(boolean value) {
        comma();
        return bytes(value ? TRUE : FALSE);
    }

    public JsonOut value(long number) {
        comma();
        return ascii(Long.toString(number));
    }

    public JsonOut value(BigDecimal number) {
        comma();
        return ascii(number.toPlainString());
    }

    /// Writes a number, or null for what JSON has no number for.
    public JsonOut value(double number) {
        return Double.isFinite(number) ? json(Double.toString(number)) : nothing();
    }

    /// Writes an amount of money, kept in billionths of a dollar, in dollars.
    public JsonOut dollars(long nanos) {
        return value(Dollars.of(nanos));
    }

    public JsonOut nothing() {
        comma();
        return bytes(NULL);
    }

    /// Writes a value that is JSON already.
    public JsonOut json(String json) {
        comma();
        return bytes(json.getBytes(StandardCharsets.UTF_8));
    }

    /// Writes a text with its quotes escaped but without quotes around it.
    public JsonOut escaped(String text) {
        int length = text.length();
        int i = 0;
        while (true) {
            i = plain(text, i, length);
            if (i == length) {
                return this;
            }
            i += special(text, i, text.charAt(i));
        }
    }

    /// Writes bytes as they are.
    public JsonOut bytes(byte[] raw) {
        ensure(raw.length);
        System.arraycopy(raw, 0, bytes, size, raw.length);
        size += raw.length;
        return this;
    }

    public int size() {
        return size;
    }

    /// Forgets what was written.
    public void clear() {
        size = 0;
    }

    public byte[] toBytes() {
        return Arrays.copyOf(bytes, size);
    }

    public void writeTo(OutputStream out) throws IOException {
        out.write(bytes, 0, size);
    }

    @Override
    public String toString() {
        return new String(bytes, 0, size, StandardCharsets.UTF_8);
    }

    private JsonOut quoted(String text) {
        return put('"').escaped(text).put('"');
    }

    /// Copies plain ASCII, and returns where it ends.
    private int plain(String text, int from, int length) {
        ensure(length - from);
        byte[] to = bytes;
        int at = size;
        int i = from;
        while (i < length) {
            char c = text.charAt(i);
            if (c >= 0x80 || ESCAPES[c] != 0) {
                break;
            }
            to[at++] = (byte) c;
            i++;
        }
        size = at;
        return i;
    }

    /// Writes one character that is not plain ASCII, and returns how many `char`s it took.
    private int special(String text, int i, char c) {
        if (c < 0x80) {
            escape(c);
        } else if (endsALine(c)) {
            unicode(c);
        } else if (c < 0x800) {
            put(0xc0 | (c >> 6)).put(0x80 | (c & 0x3f));
        } else if (!Character.isSurrogate(c)) {
            put(0xe0 | (c >> 12)).put(0x80 | ((c >> 6) & 0x3f)).put(0x80 | (c & 0x3f));
        } else if (Character.isHighSurrogate(c)
                && i + 1 < text.length()
                && Character.isLowSurrogate(text.charAt(i + 1))) {
            int point = Character.toCodePoint(c, text.charAt(i + 1));
            put(0xf0 | (point >> 18)).put(0x80 | ((point >> 12) & 0x3f));
            put(0x80 | ((point >> 6) & 0x3f)).put(0x80 | (point & 0x3f));
            return 2;
        } else {
            unicode(c);
        }
        return 1;
    }

    /// Line ends of Unicode: Swift's `lines` and Python's `splitlines` would cut a frame there.
    private static boolean endsALine(char c) {
        return c == 0x85 || c == 0x2028 || c == 0x2029;
    }

    private void escape(char c) {
        byte letter = ESCAPES[c];
        if (letter == 'u') {
            unicode(c);
        } else {
            put('\\').put(letter);
        }
    }

    private void unicode(char c) {
        put('\\').put('u');
        put(HEX[c >> 12]).put(HEX[(c >> 8) & 15]).put(HEX[(c >> 4) & 15]).put(HEX[c & 15]);
    }

    /// After an opening bracket, a colon, a prefix or nothing at all there is no comma; a finished
    /// value never ends in one of those.
    private void comma() {
        if (size == 0) {
            return;
        }
        byte last = bytes[size - 1];
        if (last != '{' && last != '[' && last != ':' && last != ' ') {
            put(',');
        }
    }

    private JsonOut ascii(String text) {
        int length = text.length();
        ensure(length);
        for (int i = 0; i < length; i++) {
            bytes[size++] = (byte) text.charAt(i);
        }
        return this;
    }

    private JsonOut put(int octet) {
        if (size == bytes.length) {
            ensure(1);
        }
        bytes[size++] = (byte) octet;
        return this;
    }

    private void ensure(int more) {
        if (bytes.length - size < more) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, size + more));
        }
    }

    private static byte[] escapes() {
        byte[] table = new byte[0x80];
        Arrays.fill(table, 0, 0x20, (byte) 'u');
        table[0x7f] = 'u';
        table['"'] = '"';
        table['\\'] = '\\';
        table['\n'] = 'n';
        table['\r'] = 'r';
        table['\t'] = 't';
        table['\b'] = 'b';
        table['\f'] = 'f';
        return table;
    }
}
