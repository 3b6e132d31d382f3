/// Fakes of the world outside, for tests of any package.
@NullMarked
package dev.tandem.testing;

import org.jspecify.annotations.NullMarked;
