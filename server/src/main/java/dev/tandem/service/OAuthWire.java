package dev.tandem.service;

import dev.tandem.failure.Violation;
import dev.tandem.hub.OAuthTerms;
import dev.tandem.hub.OAuthTerms.Way;
import dev.tandem.v1.CreateServerRequest;
import java.util.ArrayList;
import java.util.List;

/// How to come by tokens for a server that is added, between the domain and the contract.
final class OAuthWire {
    private OAuthWire() {}

    /// What does not go together.
    ///
    /// @param program whether the server is a program
    /// @param kind says so, in words
    static List<Violation> check(CreateServerRequest request, boolean program, String kind) {
        boolean signed =
                request.getHeadersMap().keySet().stream()
                        .anyMatch("authorization"::equalsIgnoreCase);
        boolean barred = program || signed;
        String why = "must be absent " + (program ? kind : "with a header Authorization");
        boolean own = isOwnBehalf(request);
        List<Violation> wrong = new ArrayList<>();
        require(!barred || !request.hasClientId(), "client_id", why, wrong);
        require(!barred || !request.hasClientSecret(), "client_secret", why, wrong);
        require(!barred || request.getScopesCount() == 0, "scopes", why, wrong);
        require(!barred || !request.hasGrant(), "grant", why, wrong);
        if (wrong.isEmpty()) {
            boolean needed = request.hasClientSecret() || own;
            require(!needed || request.hasClientId(), "client_id", "is missing", wrong);
            String missing = "is missing with the grant client_credentials";
            require(!own || request.hasClientSecret(), "client_secret", missing, wrong);
        }
        return wrong;
    }

    private static void require(boolean holds, String field, String demand, List<Violation> wrong) {
        if (!holds) {
            wrong.add(new Violation(field, field + " " + demand + "."));
        }
    }

    static OAuthTerms terms(CreateServerRequest request) {
        return new OAuthTerms(
                Fields.text(request.hasClientId(), request.getClientId()),
                Fields.text(request.hasClientSecret(), request.getClientSecret()),
                request.getScopesList(),
                isOwnBehalf(request) ? Way.CLIENT_CREDENTIALS : Way.AUTHORIZATION_CODE);
    }

    private static boolean isOwnBehalf(CreateServerRequest request) {
        return request.hasGrant() && request.getGrant().equals("client_credentials");
    }
}
