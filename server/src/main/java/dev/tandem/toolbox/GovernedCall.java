package dev.tandem.toolbox;

import dev.tandem.approval.Approval.Request;
import dev.tandem.approval.CallMark;
import dev.tandem.approval.Inquiry;
import dev.tandem.audit.AuditCall;
import dev.tandem.audit.AuditLog;
import dev.tandem.audit.AuditOutcome;
import dev.tandem.audit.Ruling;
import dev.tandem.conversation.Content;
import dev.tandem.failure.Failure;
import dev.tandem.tool.ToolOutput;
import dev.tandem.toolbox.CallOutcome.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The life of one call: judged, approved, written down, made, written down again.
final class GovernedCall {
    private static final Logger LOG = LoggerFactory.getLogger(GovernedCall.class);
    private static final String ENDED = "end of the call";

    private final GovernedToolbox box;
    private final ToolRequest request;
    private final SerialWatcher watcher;
    private final CallArguments arguments;
    private final String definitionHash;

    GovernedCall(GovernedToolbox box, ToolRequest request, CallWatcher watcher) {
        this.box = box;
        this.request = request;
        this.watcher = new SerialWatcher(watcher);
        this.arguments = CallArguments.of(request.argumentsJson());
        this.definitionHash = DefinitionHash.of(request.tool().definition());
    }

    CallOutcome run() throws InterruptedException {
        Optional<AuditLog.Open> open = Optional.empty();
        try {
            Judgement judgement = judge();
            open = written(judgement.ruling());
            CallOutcome outcome =
                    open.isPresent() ? settled(judgement) : refused(Status.DENIED, UNWRITTEN);
            open.ifPresent(entry -> end(entry, outcome));
            return outcome;
        } catch (InterruptedException stop) {
            Optional<AuditLog.Open> entry = open.or(() -> written(new Ruling(false, ENDED)));
            entry.ifPresent(one -> end(one, refused(Status.CANCELLED, "It was cancelled.")));
            throw stop;
        } finally {
            watcher.end();
        }
    }

    private static final String UNWRITTEN =
            "The call was not made, for the audit log could not be written. Try again later.";

    private Judgement judge() throws InterruptedException {
        if (!arguments.isObject()) {
            return Judgement.refused(
                    "arguments",
                    Status.FAILED,
                    "The arguments must be a JSON object with each field once, and these are not;"
                            + " the tool was not called. Call it again with such an object.");
        }
        try {
            return switch (box.judge(request, definitionHash)) {
                case Verdict.Allowed(String by) -> Judgement.allowed(by);
                case Verdict.Denied(String by, String reason) ->
                        Judgement.refused(
                                by, Status.DENIED, "This tool may not be called: " + reason + ".");
                case Verdict.Ask(String reason) -> approved(reason);
            };
        } catch (Failure failed) {
            // a read that was interrupted says so by a failure and keeps the interrupt
            if (Thread.interrupted()) {
                throw new InterruptedException(failed.text());
            }
            return Judgement.refused("failure", Status.DENIED, failed.text());
        }
    }

    private Judgement approved(String reason) throws InterruptedException {
        return Judgement.of(box.approvals().ask(inquiry(new Request.Call(reason)), watcher));
    }

    private Inquiry inquiry(Request asked) {
        return new Inquiry(
                request.scope(),
                request.callId(),
                request.tool().serverId(),
                request.tool().definition().name(),
                box.audit().shown(arguments.json()),
                new CallMark(arguments.hash(), definitionHash),
                asked);
    }

    /// Writes the decision down; empty where that fails, and then nothing may run.
    private Optional<AuditLog.Open> written(Ruling ruling) {
        AuditCall call =
                new AuditCall(
                        request.scope(),
                        request.callId(),
                        request.tool().serverId(),
                        request.tool().definition().name(),
                        box.audit().kept(arguments.json(), request.auditArguments()),
                        arguments.hash());
        try {
            return Optional.of(box.audit().decided(call, ruling));
        } catch (Failure failed) {
            LOG.error("a call was refused, for it could not be audited: {}", failed.text());
            return Optional.empty();
        }
    }

    private void end(AuditLog.Open open, CallOutcome outcome) {
        Status status = outcome.status();
        Optional<String> error =
                status == Status.SUCCEEDED
                        ? Optional.empty()
                        : Optional.of(text(outcome.output().content()));
        try {
            box.audit()
                    .ended(
                            open,
                            new AuditOutcome(
                                    dev.tandem.audit.Status.valueOf(status.name()),
                                    outcome.took(),
                                    error));
        } catch (Failure failed) {
            LOG.error(
                    "the end of the audited call {} was not written: {}",
                    open.seq(),
                    failed.text());
        }
    }

    private static String text(List<Content> content) {
        return content.stream()
                .map(piece -> piece instanceof Content.Text(String text) ? text : "")
                .collect(Collectors.joining(" "));
    }

    private CallOutcome settled(Judgement judgement) throws InterruptedException {
        if (!judgement.ruling().allowed()) {
            return refused(judgement.refused(), judgement.told().orElse(""));
        }
        CallOutcome made = made();
        ToolOutput bounded = box.limit().applied(made.output());
        return new CallOutcome(
                made.status(),
                judgement.told().map(note -> with(note, bounded)).orElse(bounded),
                made.took());
    }

    private CallOutcome made() throws InterruptedException {
        CallClock clock = new CallClock(box.settings().timeout(), System::nanoTime);
        Questions questions =
                new Questions(
                        box.approvals(),
                        box.sampler(),
                        request.scope(),
                        this::inquiry,
                        watcher,
                        clock);
        try {
            return new Execution(clock, box.settings().timeout())
                    .run(() -> box.callSource(request, arguments.json(), questions));
        } finally {
            questions.end();
        }
    }

    private static ToolOutput with(String note, ToolOutput output) {
        List<Content> content = new ArrayList<>(output.content());
        content.add(new Content.Text(note));
        return new ToolOutput(content, output.structuredJson(), output.failed(), output.json());
    }

    private static CallOutcome refused(Status status, String why) {
        return new CallOutcome(status, ToolOutput.failure(why), Duration.ZERO);
    }
}
