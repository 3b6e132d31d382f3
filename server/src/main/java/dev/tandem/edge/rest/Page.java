package dev.tandem.edge.rest;

import com.google.protobuf.ByteString;
import dev.tandem.rpc.RpcMethod.Access;
import io.helidon.http.Header;
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
        /// Makes the page.
        ///
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
            ByteString body,
            Optional<String> etag,
            Map<String, String> headers) {
        public Content(int status, Header type, String text) {
            this(status, type, ByteString.copyFromUtf8(text), Optional.empty(), Map.of());
        }
    }
}
