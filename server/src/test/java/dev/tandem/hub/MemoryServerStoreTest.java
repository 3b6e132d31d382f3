package dev.tandem.hub;

final class MemoryServerStoreTest extends ServerStoreContract {
    private final MemoryServerStore store = new MemoryServerStore();

    @Override
    protected ServerStore store() {
        return store;
    }
}
