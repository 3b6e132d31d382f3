/// Tools that this server runs for a model: what they are, where they come from, what they answer.
@NullMarked
package dev.tandem.tool;

import org.jspecify.annotations.NullMarked;
