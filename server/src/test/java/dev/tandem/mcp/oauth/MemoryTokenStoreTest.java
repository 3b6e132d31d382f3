package dev.tandem.mcp.oauth;

final class MemoryTokenStoreTest extends TokenStoreContract {
    private final MemoryTokenStore store = new MemoryTokenStore();

    @Override
    protected TokenStore tokens() {
        return store;
    }
}
