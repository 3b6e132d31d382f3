/// What the server tells its operator: the ends of calls and runs, as metrics and log lines.
@NullMarked
package dev.tandem.observe;

import org.jspecify.annotations.NullMarked;
