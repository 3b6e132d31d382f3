package dev.tandem.toolbox;

import dev.tandem.approval.Approval;
import dev.tandem.approval.Approval.Decision;
import dev.tandem.audit.Ruling;
import dev.tandem.toolbox.CallOutcome.Status;
import java.util.Optional;

/// Whether one call is made, once policy and people have spoken.
///
/// @param refused what becomes of the call where it is not made
/// @param told what the model is told: why not, or what somebody said who allowed it
record Judgement(Ruling ruling, Status refused, Optional<String> told) {

    static Judgement allowed(String by) {
        return new Judgement(new Ruling(true, by), Status.DENIED, Optional.empty());
    }

    static Judgement refused(String by, Status status, String why) {
        return new Judgement(new Ruling(false, by), status, Optional.of(why));
    }

    /// What an approval means for the call that waited for it.
    static Judgement of(Approval closed) {
        Optional<String> note = closed.decision().flatMap(Decision::note);
        String by = "key " + closed.decision().flatMap(Decision::by).orElse("");
        return switch (closed.state()) {
            case ALLOWED ->
                    new Judgement(
                            new Ruling(true, by),
                            Status.DENIED,
                            note.map(
                                    text -> "[The user allowed this call and says: " + text + "]"));
            case DENIED ->
                    refused(
                            by,
                            Status.DENIED,
                            "The user denied this call."
                                    + note.map(text -> " They say: " + text).orElse(""));
            case EXPIRED -> refused("time", Status.DENIED, "Nobody allowed this call in time.");
            case CANCELLED, PENDING ->
                    refused(
                            "end of the call",
                            Status.CANCELLED,
                            "This call was cancelled before anybody allowed it.");
        };
    }
}
