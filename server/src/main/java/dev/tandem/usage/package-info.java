/// What runs have used, added up, and the port to where the sums are made.
@NullMarked
package dev.tandem.usage;

import org.jspecify.annotations.NullMarked;
