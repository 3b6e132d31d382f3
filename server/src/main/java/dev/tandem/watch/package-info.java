/// What happens in sessions, told to whoever watches them.
@NullMarked
package dev.tandem.watch;

import org.jspecify.annotations.NullMarked;
