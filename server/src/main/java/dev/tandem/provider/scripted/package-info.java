/// A provider without a model: it answers what a script in the question says, for tests and demos.
@NullMarked
package dev.tandem.provider.scripted;

import org.jspecify.annotations.NullMarked;
