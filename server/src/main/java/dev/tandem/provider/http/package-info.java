/// HTTP to the services behind providers: one exchange, its limits, and server-sent events.
@NullMarked
package dev.tandem.provider.http;

import org.jspecify.annotations.NullMarked;
