/// Conversations that the server keeps, and the port to where they are kept.
@NullMarked
package dev.tandem.session;

import org.jspecify.annotations.NullMarked;
