/// Values that never reach a log.
@NullMarked
package dev.tandem.secret;

import org.jspecify.annotations.NullMarked;
