/// One pipeline for every wire: request id, authenticate, admit, measure, check bounds, handle,
/// tell the failure.
@NullMarked
package dev.tandem.rpc;

import org.jspecify.annotations.NullMarked;
