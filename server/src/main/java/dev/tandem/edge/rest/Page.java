package dev.tandem.edge.rest;

import dev.tandem.rpc.RpcMethod.Access;
import io.helidon.http.Header;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/// Something to read that is not a method of the contract.
///
/// @param template its path, such as `/docs/{file}`
/// @param label names it in logs and metrics
/// @param access who may read it
public record Page(String template, String label, Access access, Maker maker) {

    /// Makes the page for one request.
    public interface Maker {
        /// @param rawPath the path as it was sent
        /// @throws dev.tandem.failure.Failure where there is nothing to read
        Content make(String rawPath);
    }

    /// What there is to read.
    ///
    /// @param etag where it stays the same until the server is replaced: its mark, in quotes
    /// @param headers further headers of the answer
    public record Content(
            int status,
            Header type,
            byte[] body,
            Optional<String> etag,
            Map<String, String> headers) {
        public Content(int status, Header type, String text) {
            this(status, type, text.getBytes(StandardCharsets.UTF_8), Optional.empty(), Map.of());
        }
    }
}
