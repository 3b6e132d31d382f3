/// The JSON dialect of REST: messages of the contract as JSON and back, and the reader and writer
/// that other dialects share.
@NullMarked
package dev.tandem.edge.json;

import org.jspecify.annotations.NullMarked;
