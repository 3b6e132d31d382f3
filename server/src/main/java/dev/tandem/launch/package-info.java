/// Puts the server together: reads its settings, sets up its log, builds every object once.
@NullMarked
package dev.tandem.launch;

import org.jspecify.annotations.NullMarked;
