package dev.tandem.usage;

/// What to group runs by. Days come in order, oldest first; of all others those that used the most
/// tokens come first, and among equals those whose key sorts first.
public enum Grouping {
    /// The day on which they began, in UTC.
    DAY,
    MODEL,
    PROVIDER,
    PROJECT,
    SESSION,
    /// The name of the key that asked.
    KEY
}
