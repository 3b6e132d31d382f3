/// Which models there are, what they can do and what they cost.
@NullMarked
package dev.tandem.catalog;

import org.jspecify.annotations.NullMarked;
