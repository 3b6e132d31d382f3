package dev.tandem.provider.local;

import dev.tandem.provider.Provider;
import dev.tandem.provider.ProviderContract;
import dev.tandem.provider.Question;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class LocalContractTest extends ProviderContract {
    private LocalProvider provider;

    @BeforeAll
    void start() {
        provider = new LocalProvider(LocalSettings.defaults(ModelFile.required(), 2));
    }

    @AfterAll
    void stop() {
        if (provider != null) {
            provider.close();
        }
    }

    @Override
    protected Provider provider() {
        return provider;
    }

    @Override
    protected Question question() {
        return Question.ask("What is the capital of France?").temperature(0);
    }

    @Override
    protected Question endless() {
        return Question.ask("Count from 1 to 1000, one number on each line.").temperature(0);
    }
}
