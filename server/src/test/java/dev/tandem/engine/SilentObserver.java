package dev.tandem.engine;

import dev.tandem.observe.RunObserver;

/// Watches runs and says nothing.
final class SilentObserver implements RunObserver {
    @Override
    public void began(String provider) {}

    @Override
    public void ended(RunEnd run) {}
}
