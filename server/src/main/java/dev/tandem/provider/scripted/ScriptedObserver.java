package dev.tandem.provider.scripted;

import dev.tandem.provider.ModelEvent;
import dev.tandem.provider.ModelRequest;

/// Is told what an upstream would see of a call: that it came, what it was sent, that it ended.
/// Called by the threads that read and close.
public interface ScriptedObserver {
    /// Looks away.
    ScriptedObserver NONE = new ScriptedObserver() {};

    /// The request arrived; nothing is answered yet.
    default void asked(ModelRequest request) {}

    /// The stream is open: the headers of the answer would be out.
    default void opened() {}

    /// An event was produced.
    default void produced(ModelEvent event) {}

    /// The call is over for the upstream, once per call: its stream was closed, or it was
    /// interrupted or failed before it had one.
    default void closed() {}
}
