package dev.tandem.provider.http;

/// Bytes that arrive over time.
@FunctionalInterface
public interface ByteSource {
    /// Blocks until at least one byte is there.
    ///
    /// @return how many bytes were written to `into`; -1 at the end
    int read(byte[] into, int offset, int length) throws InterruptedException;
}
