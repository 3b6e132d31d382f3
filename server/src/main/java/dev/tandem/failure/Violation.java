package dev.tandem.failure;

/// What is wrong with one field of a request.
///
/// @param field where it stands, such as `messages[0].role`
/// @param text what is wrong with it, with the value; it begins with the field
public record Violation(String field, String text) {}
