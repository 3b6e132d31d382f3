/// The document that describes the REST side of the server, made from the contract, and the page
/// that shows it.
@NullMarked
package dev.tandem.edge.openapi;

import org.jspecify.annotations.NullMarked;
