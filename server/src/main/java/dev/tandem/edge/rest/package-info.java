/// The contract over HTTP: paths, queries and bodies become calls of its methods, answers and
/// failures become JSON and event streams.
@NullMarked
package dev.tandem.edge.rest;

import org.jspecify.annotations.NullMarked;
