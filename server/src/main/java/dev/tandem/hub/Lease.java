package dev.tandem.hub;

/// The use of a connection, which is not stopped meanwhile.
record Lease(Link link, Live live) implements AutoCloseable {
    @Override
    public void close() {
        link.release();
    }
}
