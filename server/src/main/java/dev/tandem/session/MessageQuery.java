package dev.tandem.session;

import dev.tandem.conversation.Role;
import java.util.Optional;

/// Which messages of a session to list.
///
/// @param role only this role's; empty for all
/// @param newestFirst the order
public record MessageQuery(Optional<Role> role, boolean newestFirst) {
    public static final MessageQuery ALL = new MessageQuery(Optional.empty(), false);

    /// A name for the list that this query makes, for its page tokens.
    public String list(String sessionId) {
        return "messages/"
                + sessionId
                + "/"
                + role.map(Role::word).orElse("")
                + (newestFirst ? "/desc" : "/asc");
    }
}
