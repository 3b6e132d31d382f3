/// Lists in pages: what is asked for, what comes back, and the opaque token between two pages.
@NullMarked
package dev.tandem.page;

import org.jspecify.annotations.NullMarked;
