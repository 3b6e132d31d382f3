package dev.tandem.edge.openapi;

import com.google.protobuf.Descriptors.EnumValueDescriptor;
import dev.tandem.edge.json.FieldShape;
import dev.tandem.failure.FailureCode;
import dev.tandem.rpc.FailureStatus;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/// Comments of the contract, which speak of gRPC, in the words of REST.
final class Wording {
    private static final Map<String, Integer> STATUSES = statuses();
    private static final Pattern SENTENCE_END = Pattern.compile("(?<=[.])\\s");

    private Wording() {}

    /// A comment on a method or a message: names of statuses become numbers.
    static String rest(String comment) {
        String text = comment.replace("billionths of a US dollar", "US dollars");
        for (Map.Entry<String, Integer> status : STATUSES.entrySet()) {
            text = text.replaceAll("\\b" + status.getKey() + "\\b", status.getValue().toString());
        }
        return text;
    }

    /// A comment on a field: besides, what is text or a number there may be something else here.
    static String rest(String comment, FieldShape shape) {
        String text = rest(comment);
        if (shape.form() == FieldShape.Form.EMBEDDED_JSON) {
            text = text.replace("as JSON text", "as JSON");
        }
        if (shape.form() == FieldShape.Form.WORD) {
            for (EnumValueDescriptor value : shape.field().getEnumType().getValues()) {
                String word = shape.words().getOrDefault(value.getNumber(), "");
                text = text.replace(value.getName(), "`" + word + "`");
            }
        }
        return text;
    }

    /// The first sentence; it is shown as plain text.
    static String summary(String text) {
        return SENTENCE_END.split(text, 2)[0].replace("`", "");
    }

    /// The HTTP statuses of the codes that a comment names.
    static Set<Integer> statusesIn(String comment) {
        Set<Integer> found = new TreeSet<>();
        STATUSES.forEach(
                (name, http) -> {
                    if (Pattern.compile("\\b" + name + "\\b").matcher(comment).find()) {
                        found.add(http);
                    }
                });
        return found;
    }

    /// The name of a gRPC status, and the HTTP status that its first code has.
    private static Map<String, Integer> statuses() {
        Map<String, Integer> statuses = new LinkedHashMap<>();
        for (FailureCode code : FailureCode.values()) {
            FailureStatus status = FailureStatus.of(code);
            statuses.putIfAbsent(status.grpc().name(), status.http());
        }
        return statuses;
    }
}
