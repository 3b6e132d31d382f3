package dev.tandem.toolbox;

import dev.tandem.tool.ToolScope;
import dev.tandem.tool.ToolSelection;
import java.time.Duration;

/// A toolbox whose calls are counted.
public final class ObservedToolbox implements Toolbox {
    private final Toolbox toolbox;
    private final ToolObserver observer;

    public ObservedToolbox(Toolbox toolbox, ToolObserver observer) {
        this.toolbox = toolbox;
        this.observer = observer;
    }

    @Override
    public Offer offer(ToolScope scope, ToolSelection selection) throws InterruptedException {
        return toolbox.offer(scope, selection);
    }

    @Override
    public CallOutcome call(ToolRequest request, CallWatcher watcher) throws InterruptedException {
        String server = request.tool().serverName();
        try {
            CallOutcome outcome = toolbox.call(request, watcher);
            observer.ended(server, outcome.status(), outcome.took());
            return outcome;
        } catch (InterruptedException stop) {
            observer.ended(server, CallOutcome.Status.CANCELLED, Duration.ZERO);
            throw stop;
        }
    }
}
