/// The server's one port: HTTP/1.1 and HTTP/2, REST and gRPC, with every limit a client can run
/// into.
@NullMarked
package dev.tandem.edge.listener;

import org.jspecify.annotations.NullMarked;
