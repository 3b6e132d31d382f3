package dev.tandem.mcp.oauth;

import dev.tandem.failure.Failure;
import dev.tandem.failure.FailureCode;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;

/// Where the documents of an MCP server may send us: no nearer to this machine than the server
/// itself is, which somebody chose on purpose. So a server on the internet cannot make us ask the
/// machines of a private network, or this one.
///
/// A name is looked up here and again when the connection is made; Java remembers the first answer
/// for 30 s, so that both are the same as a rule.
final class Reach {
    private final Names names;
    private final Zone nearest;

    /// Looks names up.
    @FunctionalInterface
    interface Names {
        Names DNS = host -> List.of(InetAddress.getAllByName(host));

        /// The addresses of a host, one at least.
        List<InetAddress> addresses(String host) throws UnknownHostException;
    }

    /// How near an address is, the nearest last.
    private enum Zone {
        PUBLIC,
        PRIVATE,
        THIS_MACHINE,
        /// Addresses that no server has, or only one that hands out a machine's own secrets.
        NOWHERE
    }

    private Reach(Names names, Zone nearest) {
        this.names = names;
        this.nearest = nearest;
    }

    /// What the documents of a server may name.
    static Reach of(URI server, Names names) {
        Zone zone = zone(server, names);
        if (zone == Zone.NOWHERE) {
            throw forbidden(server);
        }
        return new Reach(names, zone);
    }

    /// Lets only a URL pass that we may ask.
    ///
    /// @throws Failure UPSTREAM_ERROR for one that we may not; UPSTREAM_UNAVAILABLE for one whose
    ///     host is unknown
    void require(URI uri) {
        if (!Urls.isSecure(uri)) {
            throw new Failure(
                    FailureCode.UPSTREAM_ERROR,
                    "Tokens are fetched by https only, and not from " + Urls.shown(uri) + ".");
        }
        if (zone(uri, names).compareTo(nearest) > 0) {
            throw forbidden(uri);
        }
    }

    private static Failure forbidden(URI uri) {
        return new Failure(
                FailureCode.UPSTREAM_ERROR,
                "The MCP server sends us to "
                        + Urls.shown(uri)
                        + ", which is nearer to this machine than the MCP server itself is.");
    }

    private static Zone zone(URI uri, Names names) {
        String host = uri.getHost();
        try {
            return names.addresses(host).stream()
                    .map(Reach::zone)
                    .max(Zone::compareTo)
                    .orElse(Zone.NOWHERE);
        } catch (UnknownHostException unknown) {
            throw new Failure(
                    FailureCode.UPSTREAM_UNAVAILABLE, "The host " + host + " is unknown.", unknown);
        }
    }

    private static Zone zone(InetAddress address) {
        if (address.isAnyLocalAddress()
                || address.isLinkLocalAddress()
                || address.isMulticastAddress()) {
            return Zone.NOWHERE;
        }
        if (address.isLoopbackAddress()) {
            return Zone.THIS_MACHINE;
        }
        return address.isSiteLocalAddress() || isPrivate(address) ? Zone.PRIVATE : Zone.PUBLIC;
    }

    /// Unique local addresses (fc00::/7), addresses behind a carrier's NAT (100.64.0.0/10), and
    /// IPv4 in the clothes of IPv6 (64:ff9b::/96, 2002::/16), which may be anything.
    private static boolean isPrivate(InetAddress address) {
        byte[] bytes = address.getAddress();
        if (address instanceof Inet6Address) {
            byte[] start = Arrays.copyOf(bytes, 4);
            return (bytes[0] & 0xFE) == 0xFC
                    || Arrays.equals(start, new byte[] {0, 0x64, (byte) 0xFF, (byte) 0x9B})
                    || (bytes[0] == 0x20 && bytes[1] == 0x02);
        }
        return (bytes[0] == 100 && (bytes[1] & 0xC0) == 64) || bytes[0] == 0;
    }
}
