/// The port to language models: one request in, one stream of events out.
@NullMarked
package dev.tandem.provider;

import org.jspecify.annotations.NullMarked;
