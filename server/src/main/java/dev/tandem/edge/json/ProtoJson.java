package dev.tandem.edge.json;

import com.google.protobuf.Message;
import java.util.List;

/// Messages of the contract as JSON, and back.
///
/// Names are those of the contract. Times are RFC 3339 in UTC, 64-bit numbers are numbers, words
/// stand for enums, an amount in `…_nanos` is shown in dollars without that ending, text in
/// `…_json` as the JSON that it is. Fields without `optional` are always written, others only where
/// they are set.
public final class ProtoJson {
    /// What `null` means for an optional text of a request.
    public enum Nulls {
        /// The same as leaving it out.
        ABSENT,
        /// An empty text: in a request that changes a thing, what clears the field.
        CLEAR
    }

    private ProtoJson() {}

    public static byte[] write(Message message) {
        JsonOut out = new JsonOut();
        write(message, out);
        return out.toBytes();
    }

    public static void write(Message message, JsonOut out) {
        MessageWriter.write(message, out);
    }

    /// Reads a message from a whole document.
    ///
    /// @throws dev.tandem.failure.Failure INVALID_REQUEST, naming the field, for anything that is
    ///     not exactly such a message
    public static void read(byte[] document, Message.Builder into, Nulls nulls) {
        JsonIn in = new JsonIn(document);
        new MessageReader(in, nulls).read(into);
        in.end();
    }

    /// Reads a field from the text of a query parameter or a path. A repeated field takes one more
    /// value.
    ///
    /// @param name the field's name as JSON shows it
    /// @return whether the message has such a field, of a kind that fits into a text
    public static boolean readText(String name, String text, Message.Builder into) {
        return TextField.read(name, text, into);
    }

    /// The names that [#readText] takes.
    public static List<String> textNames(Message message) {
        return MessageShape.of(message.getDescriptorForType()).inOrder().stream()
                .filter(FieldShape::fitsIntoText)
                .map(field -> field.name)
                .toList();
    }
}
