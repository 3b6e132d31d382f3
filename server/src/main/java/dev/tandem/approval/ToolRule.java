package dev.tandem.approval;

import java.time.Instant;
import java.util.Optional;

/// A remembered decision: this tool may be called, or not, without asking again. It holds for a
/// session or for a project, and only while the tool describes itself as it did.
///
/// @param id `rule_` and 26 characters that sort by time
/// @param server the server's id
/// @param tool the tool's name on its server
/// @param definitionHash of what the tool said of itself
/// @param madeBy the key that decided
/// @param approvalId the approval that was decided
public record ToolRule(
        String id,
        String tenant,
        Optional<String> sessionId,
        Optional<String> projectId,
        String server,
        String tool,
        String definitionHash,
        boolean allow,
        String madeBy,
        String approvalId,
        Instant createdAt) {}
