/// The one failure type of the server, sorted by who can act on it.
@NullMarked
package dev.tandem.failure;

import org.jspecify.annotations.NullMarked;
