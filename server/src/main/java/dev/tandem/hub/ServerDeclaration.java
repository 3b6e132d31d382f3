package dev.tandem.hub;

import dev.tandem.failure.Failure;
import dev.tandem.mcp.oauth.OAuthServer;
import dev.tandem.tool.ToolServer.Transport;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// How a server is started or reached, as it was declared: `${VARIABLES}` are not filled in yet.
/// Values of its environment and its headers may be secrets; no text of this shows them.
public sealed interface ServerDeclaration {
    /// A program on this machine.
    ///
    /// @param command the program
    /// @param environment variables for it, beside the few that every program gets
    /// @param folder where it works; relative to its project's folder
    record Program(
            String command,
            List<String> arguments,
            Map<String, String> environment,
            Optional<String> folder)
            implements ServerDeclaration {
        public Program {
            arguments = List.copyOf(arguments);
            environment = Map.copyOf(environment);
            if (command.isBlank()) {
                throw new IllegalArgumentException("command must not be empty");
            }
        }

        @Override
        public Transport transport() {
            return Transport.STDIO;
        }

        @Override
        public String executable() {
            return command;
        }

        @Override
        public String toString() {
            return "Program[" + command + "]";
        }
    }

    /// A server that is reached over HTTP.
    ///
    /// @param sse whether it speaks the older transport, with a stream of its own for answers
    /// @param headers for each request
    /// @param oauth how to come by tokens; of no account where a header says who we are
    record Remote(String url, boolean sse, Map<String, String> headers, OAuthTerms oauth)
            implements ServerDeclaration {
        public Remote {
            headers = Map.copyOf(headers);
            if (url.isBlank()) {
                throw new IllegalArgumentException("url must not be empty");
            }
        }

        /// A server that registers whoever wants to sign in, where it wants a sign-in.
        public Remote(String url, boolean sse, Map<String, String> headers) {
            this(url, sse, headers, OAuthTerms.NONE);
        }

        @Override
        public Transport transport() {
            return sse ? Transport.SSE : Transport.HTTP;
        }

        /// The URL without what may hold a secret: who logs in, and the query.
        @Override
        public String executable() {
            return url.replaceFirst("[?#].*", "").replaceFirst("//[^/@]*@", "//");
        }

        /// Whether its headers say who we are.
        boolean isAuthorized() {
            return headers.keySet().stream().anyMatch("authorization"::equalsIgnoreCase);
        }

        /// The server that tokens are wanted for, once its variables are filled in.
        ///
        /// @throws Failure INVALID_REQUEST, param `url` or `client_secret`
        OAuthServer oauthServer(String id) {
            try {
                return oauth.server(id, address());
            } catch (IllegalArgumentException broken) {
                throw Failure.invalid(
                        "client_secret", "client_secret must be one line of text, not blank.");
            }
        }

        /// Where it is, once its variables are filled in.
        ///
        /// @throws Failure INVALID_REQUEST, param `url`
        URI address() {
            try {
                URI address = new URI(url);
                if (address.getHost() != null) {
                    return address;
                }
            } catch (URISyntaxException malformed) {
                throw Failure.invalid("url", "url must be an http or https address.");
            }
            throw Failure.invalid("url", "url must be an http or https address.");
        }

        @Override
        public String toString() {
            return "Remote[" + executable() + "]";
        }
    }

    /// How it is reached.
    Transport transport();

    /// The program or the URL, without secrets.
    String executable();

    /// Stands for everything that is declared, but for what variables hold: another declaration has
    /// another one.
    default String hash() {
        try {
            byte[] text = DeclarationJson.write(this).getBytes(StandardCharsets.UTF_8);
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text));
        } catch (NoSuchAlgorithmException everyJdkHasIt) {
            throw new IllegalStateException(everyJdkHasIt);
        }
    }
}
