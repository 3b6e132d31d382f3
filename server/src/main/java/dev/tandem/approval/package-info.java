/// Questions to people that a run waits for: may this tool be called, what does its server want to
/// know. Each is decided exactly once.
@NullMarked
package dev.tandem.approval;

import org.jspecify.annotations.NullMarked;
