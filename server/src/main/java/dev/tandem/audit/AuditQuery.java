package dev.tandem.audit;

import java.time.Instant;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Which calls to list; what is empty excludes none.
///
/// @param from only calls that were decided then or later
/// @param to only calls that were decided before
public record AuditQuery(
        Optional<String> sessionId,
        Optional<String> projectId,
        Optional<String> runId,
        Optional<String> server,
        Optional<String> tool,
        Optional<Status> status,
        Optional<Instant> from,
        Optional<Instant> to) {
    public static final AuditQuery ALL =
            new AuditQuery(
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty());

    /// The calls that were made for a session.
    public AuditQuery ofSession(String id) {
        return new AuditQuery(Optional.of(id), projectId, runId, server, tool, status, from, to);
    }

    /// A name for the list that this query makes, for its page tokens.
    public String list() {
        return "audit/"
                + Stream.of(sessionId, projectId, runId, server, tool, status, from, to)
                        .map(filter -> filter.map(String::valueOf).orElse(""))
                        .collect(Collectors.joining("/"))
                        .replace('\n', ' ');
    }
}
