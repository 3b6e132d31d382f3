package dev.tandem.provider.scripted;

import dev.tandem.provider.Provider;
import dev.tandem.provider.ProviderContract;
import dev.tandem.provider.Question;

final class ScriptedContractTest extends ProviderContract {
    private final Provider provider = new ScriptedProvider();

    @Override
    protected Provider provider() {
        return provider;
    }

    @Override
    protected Question question() {
        return Question.ask("say these five words back");
    }

    @Override
    protected Question endless() {
        return Question.ask("/script\nsay once\nhang");
    }
}
