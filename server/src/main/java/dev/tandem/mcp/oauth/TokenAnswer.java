package dev.tandem.mcp.oauth;

import dev.tandem.failure.Failure;
import dev.tandem.failure.FailureCode;
import dev.tandem.secret.Secret;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;

/// What a token endpoint says.
sealed interface TokenAnswer {
    /// Tokens.
    record Granted(Tokens tokens) implements TokenAnswer {}

    /// No tokens.
    ///
    /// @param error a word of OAuth's, such as `invalid_grant`
    /// @param description for people; empty where there is none that is fit to show
    record Denied(String error, Optional<String> description) implements TokenAnswer {
        private static final int DESCRIPTION_MAX = 200;

        /// What there is to use again no longer; another sign-in may help.
        private static final Set<String> FINAL =
                Set.of("invalid_grant", "invalid_client", "unauthorized_client");

        /// @param secrets of the request; an answer that repeats one is not shown
        static Denied of(OAuthHttp.Answer answer, Collection<Secret> secrets) {
            String error =
                    answer.text("error")
                            .filter(word -> word.matches("[\\w.:/-]{1,80}"))
                            .filter(word -> showable(word, secrets))
                            .orElse("status " + answer.status());
            Optional<String> description =
                    answer.text("error_description")
                            .map(text -> text.replaceAll("[^\\x20-\\x7e]", " "))
                            .filter(text -> showable(text, secrets))
                            .map(
                                    text ->
                                            text.substring(
                                                    0, Math.min(DESCRIPTION_MAX, text.length())));
            return new Denied(error, description);
        }

        private static boolean showable(String text, Collection<Secret> secrets) {
            return secrets.stream().noneMatch(secret -> text.contains(secret.reveal()));
        }

        boolean isFinal() {
            return FINAL.contains(error);
        }

        String text() {
            return error + description.map(text -> " (" + text + ")").orElse("");
        }

        Failure failure(String issuer) {
            return new Failure(
                    FailureCode.UPSTREAM_ERROR,
                    "The authorization server " + issuer + " gives no token: " + text() + ".");
        }
    }
}
