/// What people, models and tools say to each other, and what it used: the words that every other
/// package speaks in.
@NullMarked
package dev.tandem.conversation;

import org.jspecify.annotations.NullMarked;
