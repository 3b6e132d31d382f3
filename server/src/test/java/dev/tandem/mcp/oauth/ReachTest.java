package dev.tandem.mcp.oauth;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.tandem.failure.Failure;
import dev.tandem.failure.FailureCode;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ReachTest {
    private static final Map<String, List<String>> NAMES =
            Map.of(
                    "public.example",
                    List.of("93.184.216.34"),
                    "mixed.example",
                    List.of("93.184.216.34", "10.0.0.1"),
                    "home.example",
                    List.of("192.168.1.7"));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://127.0.0.1/x",
                "https://[::1]/x",
                "https://10.1.2.3/x",
                "https://192.168.0.1/x",
                "https://100.64.0.1/x",
                "https://[fd00::1]/x",
                "https://[64:ff9b::a00:1]/x",
                "https://169.254.169.254/latest/meta-data",
                "https://[fe80::1]/x",
                "https://0.0.0.0/x",
                "https://[::ffff:127.0.0.1]/x",
                "https://mixed.example/x",
                "https://home.example/x"
            })
    void aServerOnTheInternetSendsUsNowhereNearer(String url) {
        Reach reach = Reach.of(URI.create("https://public.example/mcp"), ReachTest::addresses);

        Failure refused = assertThrows(Failure.class, () -> reach.require(URI.create(url)));

        assertEquals(FailureCode.UPSTREAM_ERROR, refused.code());
    }

    @ParameterizedTest
    @CsvSource({
        "https://public.example/mcp, https://93.184.216.34/x",
        "https://home.example/mcp,   https://10.0.0.1/x",
        "https://home.example/mcp,   https://public.example/x",
        "http://127.0.0.1:1/mcp,     http://localhost:2/x",
        "http://127.0.0.1:1/mcp,     https://home.example/x"
    })
    void sendsUsAsNearAsItselfOrFarther(String server, String url) {
        Reach reach = Reach.of(URI.create(server), ReachTest::addresses);

        assertDoesNotThrow(() -> reach.require(URI.create(url)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://public.example/x",
                "ftp://public.example/x",
                "https://somebody@public.example/x",
                "javascript:alert(1)"
            })
    void onlyHttpsWillDo(String url) {
        Reach reach = Reach.of(URI.create("http://127.0.0.1/mcp"), ReachTest::addresses);

        assertThrows(Failure.class, () -> reach.require(URI.create(url)));
    }

    @Test
    void aCloudsOwnSecretsAreOutOfReachForEverybody() {
        URI metadata = URI.create("http://169.254.169.254/mcp");

        assertThrows(Failure.class, () -> Reach.of(metadata, ReachTest::addresses));
    }

    @Test
    void anUnknownHostIsUnavailable() {
        Reach reach = Reach.of(URI.create("https://public.example/mcp"), ReachTest::addresses);

        Failure refused =
                assertThrows(
                        Failure.class, () -> reach.require(URI.create("https://none.example/x")));

        assertEquals(FailureCode.UPSTREAM_UNAVAILABLE, refused.code());
    }

    private static List<InetAddress> addresses(String host) throws UnknownHostException {
        if (host.equals("none.example")) {
            throw new UnknownHostException(host);
        }
        List<InetAddress> addresses = new ArrayList<>();
        for (String address : NAMES.getOrDefault(host, List.of(host))) {
            addresses.add(InetAddress.getByName(address));
        }
        return addresses;
    }
}
