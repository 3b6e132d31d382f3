/// What the tests of all stores share.
@NullMarked
package dev.tandem.storage;

import org.jspecify.annotations.NullMarked;
