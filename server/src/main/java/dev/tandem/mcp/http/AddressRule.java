package dev.tandem.mcp.http;

import dev.tandem.failure.Failure;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Arrays;

/// Which addresses a server may have. A URL that a user has given must not make this server talk to
/// its neighbours, or to the service where a cloud keeps its keys.
public enum AddressRule {
    /// Any: for servers that an operator has written into a file.
    ANY {
        @Override
        boolean admits(InetAddress address) {
            return true;
        }
    },

    /// Only those that anybody on the internet can reach.
    PUBLIC {
        @Override
        boolean admits(InetAddress address) {
            return !address.isAnyLocalAddress()
                    && !address.isLoopbackAddress()
                    && !address.isLinkLocalAddress()
                    && !address.isSiteLocalAddress()
                    && !address.isMulticastAddress()
                    && (address instanceof Inet4Address
                            ? isPublic4(address.getAddress())
                            : isPublic6(address.getAddress()));
        }
    };

    abstract boolean admits(InetAddress address);

    /// Checks where a URL leads now; every connection is checked again.
    ///
    /// @throws Failure INVALID_REQUEST, param `url`, where its host has an address that the rule
    ///     does not admit, or none at all
    public void check(URI url) {
        Origin.check("url", url);
        try {
            InetAddress[] _ = addresses(url.getHost());
        } catch (UnknownHostException refused) {
            throw Failure.invalid("url", "url: " + refused.getMessage() + ".");
        }
    }

    /// The addresses of a host; all of them are admitted.
    ///
    /// @throws UnknownHostException where it has none, or one that the rule does not admit
    InetAddress[] addresses(String host) throws UnknownHostException {
        InetAddress[] found;
        try {
            found = InetAddress.getAllByName(host);
        } catch (UnknownHostException unknown) {
            UnknownHostException told =
                    new UnknownHostException("the host '" + host + "' is not known");
            told.initCause(unknown);
            throw told;
        }
        if (!Arrays.stream(found).allMatch(this::admits)) {
            throw new UnknownHostException(
                    "the host '"
                            + host
                            + "' is not on the public internet; an operator can add it in a file");
        }
        return found;
    }

    /// What Java has no word for: this network, addresses shared by a carrier's customers, those
    /// that are assigned to protocols, benchmarks, and what is reserved.
    private static boolean isPublic4(byte[] address) {
        int first = address[0] & 0xFF;
        int second = address[1] & 0xFF;
        return first != 0
                && !(first == 100 && second >= 64 && second < 128)
                && !(first == 192 && second == 0 && address[2] == 0)
                && !(first == 198 && (second == 18 || second == 19))
                && first < 240;
    }

    /// Global unicast is 2000::/3; of that, 2002::/16 leads to addresses of version 4, and so does
    /// 2001::/32.
    private static boolean isPublic6(byte[] address) {
        boolean global = (address[0] & 0xE0) == 0x20;
        boolean tunnel =
                address[0] == 0x20
                        && (address[1] == 0x02
                                || (address[1] == 0x01 && address[2] == 0 && address[3] == 0));
        return global && !tunnel;
    }
}
