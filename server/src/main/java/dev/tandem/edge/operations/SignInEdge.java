package dev.tandem.edge.operations;

import dev.tandem.edge.rest.HttpCall;
import dev.tandem.edge.rest.HttpEdge;
import dev.tandem.edge.rest.RestSettings;
import dev.tandem.edge.rest.ServedPath;
import dev.tandem.failure.Failure;
import dev.tandem.id.Ids;
import dev.tandem.rpc.FailureStatus;
import dev.tandem.rpc.Pipeline;
import dev.tandem.rpc.RpcMethod.Access;
import dev.tandem.rpc.Wire;
import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.webserver.http.HttpRouting;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/// The page that browsers come back to from a sign-in to an MCP server. Needs no key: the state
/// that it is sent says whose sign-in it is, and is good once.
public final class SignInEdge implements HttpEdge {
    private static final String PATH = "/v1/mcp/oauth/callback";
    private static final int OK = 200;
    private static final Header HTML =
            HeaderValues.createCached(HeaderNames.CONTENT_TYPE, "text/html; charset=utf-8");

    private final SignInEnds ends;
    private final Pipeline pipeline;
    private final Ids ids;
    private final RestSettings settings;

    /// Ends sign-ins.
    public interface SignInEnds {
        /// Ends one that brought a code.
        ///
        /// @param issuer who says so, where they say
        /// @return the name of what was signed in to
        /// @throws Failure where it did not succeed
        String complete(String state, String code, Optional<String> issuer)
                throws InterruptedException;

        /// Ends one that brought none.
        ///
        /// @param error a word for why there is no code
        /// @return what to tell whoever comes back
        Failure declined(String state, String error, Optional<String> issuer);
    }

    private record Ending(int status, String title, String text) {}

    public SignInEdge(SignInEnds ends, Pipeline pipeline, Ids ids, RestSettings settings) {
        this.ends = ends;
        this.pipeline = pipeline;
        this.ids = ids;
        this.settings = settings;
    }

    @Override
    public void register(HttpRouting.Builder routing) {
        routing.get(
                PATH,
                (request, response) ->
                        HttpCall.serve(request, response, Wire.REST, ids, settings, this::serve));
    }

    @Override
    public List<ServedPath> paths() {
        return List.of(new ServedPath("GET", PATH));
    }

    private void serve(HttpCall http) {
        Ending ending = pipeline.serve(http.call(), "mcp/sign-in", Access.OPEN, () -> ended(http));
        http.call().answerHeader("cache-control", "no-store");
        http.call().answerHeader("referrer-policy", "no-referrer");
        http.call().answerHeader("content-security-policy", "default-src 'none'");
        http.answer(ending.status(), HTML, page(ending).getBytes(StandardCharsets.UTF_8));
    }

    private Ending ended(HttpCall http) {
        String state = http.parameter("state").orElse("");
        Optional<String> issuer = http.parameter("iss");
        Optional<String> error = http.parameter("error");
        try {
            if (error.isPresent()) {
                return failed(ends.declined(state, error.get(), issuer));
            }
            String server = ends.complete(state, http.parameter("code").orElse(""), issuer);
            String text = "You are signed in to " + server + " and may close this page.";
            return new Ending(OK, "Signed in", text);
        } catch (Failure failure) {
            return failed(failure);
        } catch (InterruptedException left) {
            Thread.currentThread().interrupt();
            return new Ending(OK, "Not signed in", "The sign-in was broken off; begin again.");
        }
    }

    private static Ending failed(Failure failure) {
        int status = FailureStatus.of(failure.code()).http();
        return new Ending(status, "Not signed in", failure.text());
    }

    private static String page(Ending ending) {
        return """
        <!doctype html>
        <html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
        <title>%s</title><h1>%s</h1><p>%s</p></html>
        """
                .formatted(ending.title(), ending.title(), escaped(ending.text()));
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
