/// The gRPC wire: binds the methods of the contract, and the standard services beside them.
@NullMarked
package dev.tandem.edge.grpc;

import org.jspecify.annotations.NullMarked;
