/// The loop: history and question in, events of a run out.
@NullMarked
package dev.tandem.engine;

import org.jspecify.annotations.NullMarked;
