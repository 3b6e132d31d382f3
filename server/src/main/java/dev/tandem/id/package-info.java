/// Names for things: unique, sorted by time, made from a clock and randomness that are handed in.
@NullMarked
package dev.tandem.id;

import org.jspecify.annotations.NullMarked;
