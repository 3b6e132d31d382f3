package dev.tandem.edge.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Message;
import dev.tandem.edge.json.ProtoJson.Nulls;
import dev.tandem.failure.Failure;
import dev.tandem.failure.FailureCode;
import dev.tandem.v1.ChatCompletionRequest;
import dev.tandem.v1.Run;
import dev.tandem.v1.Session;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/// Whatever comes in, what comes out is a message or a [Failure] of the caller.
final class GarbageTest {
    private static final String VALID =
            "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"é\\u00e9\","
                    + "\"parts\":[{\"image\":{\"url\":\"u\"}}],\"tool_calls\":[{\"id\":\"1\","
                    + "\"name\":\"n\",\"arguments\":{\"a\":[1,2.5e3,null,true]}}]}],"
                    + "\"temperature\":0.5,\"max_tokens\":12,\"metadata\":{\"k\":\"v\"},"
                    + "\"extra_parameters\":{\"seed\":7}}";
    private static final List<Supplier<Message.Builder>> TYPES =
            List.of(ChatCompletionRequest::newBuilder, Session::newBuilder, Run::newBuilder);

    private final Random random = new Random(42);

    @Test
    void readsTheTextThatIsThenSpoilt() {
        ProtoJson.read(utf8(VALID), ChatCompletionRequest.newBuilder(), Nulls.ABSENT);
    }

    @Test
    void refusesRandomBytes() {
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = new byte[random.nextInt(60)];
            random.nextBytes(bytes);
            attempt(bytes);
        }
    }

    @Test
    void refusesOrReadsSpoiltText() {
        for (int i = 0; i < 30_000; i++) {
            attempt(spoilt(utf8(VALID)));
        }
    }

    @Test
    void refusesEveryBeginningOfAText() {
        for (int length = 0; length < utf8(VALID).length; length++) {
            attempt(Arrays.copyOf(utf8(VALID), length));
        }
    }

    private void attempt(byte[] bytes) {
        Message.Builder into = TYPES.get(random.nextInt(TYPES.size())).get();
        try {
            ProtoJson.read(bytes, into, random.nextBoolean() ? Nulls.ABSENT : Nulls.CLEAR);
            assertTrue(ProtoJson.write(into.build()).length > 0);
        } catch (Failure failure) {
            assertEquals(FailureCode.INVALID_REQUEST, failure.code());
        }
    }

    private byte[] spoilt(byte[] text) {
        byte[] bytes = text.clone();
        for (int i = random.nextInt(3); i >= 0; i--) {
            int at = random.nextInt(bytes.length);
            switch (random.nextInt(4)) {
                case 0 -> bytes[at] = (byte) random.nextInt(256);
                case 1 -> bytes[at] = (byte) "{}[]\",:\\0-+.eEnull".charAt(random.nextInt(18));
                case 2 -> bytes = Arrays.copyOf(bytes, Math.max(1, at));
                default -> bytes = repeated(bytes, at);
            }
        }
        return bytes;
    }

    private byte[] repeated(byte[] bytes, int from) {
        int length = random.nextInt(bytes.length - from);
        byte[] longer = Arrays.copyOf(bytes, bytes.length + length);
        System.arraycopy(bytes, from, longer, from + length, bytes.length - from);
        return longer;
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
