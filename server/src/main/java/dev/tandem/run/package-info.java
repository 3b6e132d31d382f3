/// Runs: one answer being made, the log of events that it is, and the port to where runs are kept.
@NullMarked
package dev.tandem.run;

import org.jspecify.annotations.NullMarked;
