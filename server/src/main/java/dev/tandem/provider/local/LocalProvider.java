package dev.tandem.provider.local;

import dev.tandem.provider.ModelRequest;
import dev.tandem.provider.PreparedCall;
import dev.tandem.provider.Provider;

/// A language model in this process: the default of a server without any key. Nothing is loaded
/// until the first request; without a model file the answer says how to get one.
public final class LocalProvider implements Provider, AutoCloseable {
    private final LocalSettings settings;
    private final LocalModel model;

    public LocalProvider(LocalSettings settings) {
        this(settings, new LocalModel(settings, () -> LlamaEngine.load(settings)));
    }

    LocalProvider(LocalSettings settings, LocalModel model) {
        this.settings = settings;
        this.model = model;
    }

    @Override
    public String name() {
        return "local";
    }

    @Override
    public PreparedCall prepare(ModelRequest request) {
        return new LocalRequest(model, settings, request);
    }

    /// Ends the answer in progress and those that wait, and frees the model. Never before the
    /// native code is at rest.
    @Override
    public void close() {
        model.close();
    }
}
