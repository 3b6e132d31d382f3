package dev.tandem.hub;

/// Opens the connections of links.
interface LinkOpener {
    /// A connection to be, which is not open yet.
    Live live(Link link);

    /// Opens it; blocks.
    void open(Live live, Start start) throws InterruptedException;
}
