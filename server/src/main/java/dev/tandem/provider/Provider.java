package dev.tandem.provider;

/// A service that runs language models, behind some wire protocol. Implementations are safe for use
/// by many threads.
public interface Provider {
    /// Its name in the catalogue and in `provider/model`, such as `anthropic`.
    String name();

    /// Translates a request, without sending anything.
    ///
    /// @throws dev.tandem.failure.Failure INVALID_REQUEST, naming the parameter, for what the model
    ///     cannot do and what cannot be left out without changing the meaning of the answer
    PreparedCall prepare(ModelRequest request);
}
