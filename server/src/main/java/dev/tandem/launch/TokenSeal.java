package dev.tandem.launch;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tandem.hub.Seal;
import dev.tandem.mcp.oauth.Sealed;
import dev.tandem.mcp.oauth.TokenKey;
import java.util.Optional;

/// Seals what is stored of MCP servers with the key that seals the tokens for them.
record TokenSeal(TokenKey key) implements Seal {
    @Override
    public String seal(String plain, String context) {
        return key.seal(plain.getBytes(UTF_8), context.getBytes(UTF_8)).text();
    }

    @Override
    public Optional<String> open(String sealed, String context) {
        return key.open(new Sealed(sealed), context.getBytes(UTF_8))
                .map(plain -> new String(plain, UTF_8));
    }
}
