package dev.tandem.provider.http;

import java.net.InetAddress;
import java.net.UnknownHostException;

/// Finds the addresses of a host.
@FunctionalInterface
public interface HostLookup {
    /// Returns the addresses, one at least.
    ///
    /// @param host a name, or an address as text
    /// @throws UnknownHostException where it has none, or none that may be used
    InetAddress[] addresses(String host) throws UnknownHostException;
}
