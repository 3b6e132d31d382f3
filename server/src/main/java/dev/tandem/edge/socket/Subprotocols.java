package dev.tandem.edge.socket;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/// The subprotocols that a client offers. Browsers cannot send headers with a WebSocket, so a page
/// sends its key as one of them, in base64url; it is never answered.
///
/// @param offersOurs whether [#OURS] is among them
/// @param key the key that is among them
record Subprotocols(boolean offersOurs, Optional<String> key) {
    static final String OURS = "tandem.v1";

    private static final String KEY = "tandem.key.";

    /// @param headers the values of `Sec-WebSocket-Protocol`
    static Subprotocols of(List<String> headers) {
        List<String> offered =
                headers.stream()
                        .flatMap(header -> Arrays.stream(header.split(",", -1)))
                        .map(String::strip)
                        .toList();
        Optional<String> key =
                offered.stream()
                        .filter(name -> name.startsWith(KEY))
                        .findFirst()
                        .flatMap(name -> decoded(name.substring(KEY.length())));
        return new Subprotocols(offered.contains(OURS), key);
    }

    private static Optional<String> decoded(String base64) {
        try {
            byte[] utf8 = Base64.getUrlDecoder().decode(base64);
            return Optional.of(
                    StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8)).toString());
        } catch (IllegalArgumentException | CharacterCodingException noKey) {
            return Optional.empty();
        }
    }

    @Override
    public String toString() {
        return "Subprotocols[offersOurs=" + offersOurs + "]";
    }
}
