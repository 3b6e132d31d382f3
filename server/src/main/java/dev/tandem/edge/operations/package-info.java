/// What operators and their tools ask a server: is it well, and how much does it do.
@NullMarked
package dev.tandem.edge.operations;

import org.jspecify.annotations.NullMarked;
