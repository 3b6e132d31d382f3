/// The whole server, judged by clients that others wrote, and on both of its wires.
@NullMarked
package dev.tandem.clients;

import org.jspecify.annotations.NullMarked;
