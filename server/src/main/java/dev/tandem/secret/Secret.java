package dev.tandem.secret;

/// A key or a password. It is written out only where it is sent: [#toString()] hides it, so that a
/// log line or an exception that holds it by accident does not.
public final class Secret {
    private final String value;

    /// @param value the key itself; not blank, without line breaks
    public Secret(String value) {
        if (value.isBlank() || value.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException("a key must be one line of text, not blank");
        }
        this.value = value;
    }

    /// The key itself, for the header that carries it or the hash that stands for it.
    public String reveal() {
        return value;
    }

    /// The text without the key, should it hold it.
    public String scrub(String text) {
        return text.replace(value, "***");
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Secret secret && secret.value.equals(value);
    }

    @Override
    public int hashCode() {
        return value.hashCode();
    }

    @Override
    public String toString() {
        return "***";
    }
}
