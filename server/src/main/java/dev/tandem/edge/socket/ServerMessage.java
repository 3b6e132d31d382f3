package dev.tandem.edge.socket;

import com.google.protobuf.Message;
import dev.tandem.edge.json.JsonOut;
import dev.tandem.edge.json.ProtoJson;
import dev.tandem.edge.rest.ErrorJson;
import dev.tandem.failure.Failure;
import java.util.Optional;

/// What the server says, as JSON.
final class ServerMessage {
    private ServerMessage() {}

    /// Something that a subscription brings.
    static void event(String id, Message event, JsonOut out) {
        begin(Optional.of(id), "event", out).name("event");
        ProtoJson.write(event, out);
        out.endObject();
    }

    /// The one answer of a call that has one.
    static JsonOut result(String id, Message result) {
        JsonOut out = begin(Optional.of(id), "result", new JsonOut()).name("result");
        ProtoJson.write(result, out);
        return out.endObject();
    }

    /// A subscription has ended well, or was left.
    static JsonOut end(String id) {
        return begin(Optional.of(id), "end", new JsonOut()).endObject();
    }

    /// A call has ended with a failure, or a message could not be understood.
    ///
    /// @param id empty where the message had none that is its own
    static JsonOut error(Optional<String> id, Failure failure, String requestId) {
        JsonOut out = new JsonOut().beginObject().name("id");
        id.ifPresentOrElse(out::value, out::nothing);
        out.name("type").value("error").name("error");
        ErrorJson.object(failure, requestId, out);
        return out.endObject();
    }

    static JsonOut pong(Optional<String> id) {
        return begin(id, "pong", new JsonOut()).endObject();
    }

    private static JsonOut begin(Optional<String> id, String type, JsonOut out) {
        out.beginObject();
        id.ifPresent(value -> out.name("id").value(value));
        return out.name("type").value(type);
    }
}
