package dev.tandem.launch;

import dev.tandem.auth.ApiKey;
import dev.tandem.secret.Secret;
import java.util.List;

/// Who may call.
///
/// @param keys empty: everybody who can reach the server
record AuthSettings(List<ApiKey> keys) {

    AuthSettings {
        keys = List.copyOf(keys);
    }

    static AuthSettings read(Section auth) {
        return new AuthSettings(auth.sections("keys").stream().map(AuthSettings::key).toList());
    }

    private static ApiKey key(Section element) {
        String name =
                element.text("name")
                        .orElseThrow(
                                () -> element.wrong("name", "is missing; give the key a name"));
        String tenant = element.text("tenant", "default");
        Secret secret =
                element.secret("key")
                        .orElseThrow(
                                () -> element.wrong("key", "is missing; set key, or key-file"));
        boolean admin = element.flag("admin", false);
        return element.checked(() -> new ApiKey(name, tenant, secret, admin));
    }
}
