/// The one way to call a tool: offered under a name, judged, approved, audited and timed.
@NullMarked
package dev.tandem.toolbox;

import org.jspecify.annotations.NullMarked;
