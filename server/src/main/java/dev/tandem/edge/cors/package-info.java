/// Lets web pages of other origins in, those that are listed and no others.
@NullMarked
package dev.tandem.edge.cors;

import org.jspecify.annotations.NullMarked;
