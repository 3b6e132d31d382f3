package dev.tandem.approval;

import dev.tandem.approval.Approval.Remember;
import java.util.Optional;

/// What somebody decides.
///
/// @param by the name of the key
/// @param contentJson what was filled in; a JSON object
/// @param note what the model is told besides
public record Answer(
        boolean allow,
        String by,
        Remember remember,
        Optional<String> contentJson,
        Optional<String> note) {}
