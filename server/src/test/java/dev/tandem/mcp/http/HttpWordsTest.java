package dev.tandem.mcp.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tandem.failure.Failure;
import dev.tandem.secret.Secret;
import java.net.InetAddress;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What may stand in headers, schemas, endpoints and rules.
final class HttpWordsTest {

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "us-west1|us-west1",
                "us west 1|us west 1",
                "``|``",
                "Hello, 世界|=?base64?SGVsbG8sIOS4lueVjA==?=",
                " padded |=?base64?IHBhZGRlZCA=?=",
                "`line1\nline2`|=?base64?bGluZTEKbGluZTI=?=",
                "=?base64?literal?=|=?base64?PT9iYXNlNjQ/bGl0ZXJhbD89?="
            },
            delimiter = '|')
    void encodesInHeadersWhatIsNotSafeThere(String text, String header) {
        assertEquals(header, HeaderText.encoded(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'properties':{'a':{'type':'string','x-mcp-header':''}}}",
                "{'properties':{'a':{'type':'string','x-mcp-header':'A b'}}}",
                "{'properties':{'a':{'type':'string','x-mcp-header':'Größe'}}}",
                "{'properties':{'a':{'type':'string','x-mcp-header':7}}}",
                "{'properties':{'a':{'type':'number','x-mcp-header':'A'}}}",
                "{'properties':{'a':{'x-mcp-header':'A'}}}",
                "{'type':'string','x-mcp-header':'A'}",
                "{'properties':{'a':{'items':{'type':'string','x-mcp-header':'A'}}}}",
                "{'anyOf':[{'properties':{'a':{'type':'string','x-mcp-header':'A'}}}]}",
                "{'properties':{'a':{'type':'string','x-mcp-header':'A'},"
                        + "'b':{'type':'string','x-mcp-header':'a'}}}"
            })
    void refusesSchemasThatMirrorWrong(String schema) {
        assertThrows(IllegalArgumentException.class, () -> mirrors(schema));
    }

    @Test
    void findsMirroredArgumentsWherePropertiesLeadToThem() throws Exception {
        assertEquals(
                List.of(new MirrorSchema.Mirror("N", List.of("x-mcp-header", "n"))),
                mirrors(
                        "{'properties':{'x-mcp-header':{'properties':{'n':{'type':'integer',"
                                + "'x-mcp-header':'N','default':{'x-mcp-header':'no'}}}}}}"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "10.1.2.3",
                "172.16.0.1",
                "192.168.1.1",
                "169.254.169.254",
                "0.0.0.0",
                "0.1.2.3",
                "100.64.0.1",
                "100.100.100.200",
                "192.0.0.192",
                "198.18.0.1",
                "224.0.0.1",
                "240.0.0.1",
                "255.255.255.255",
                "::1",
                "::",
                "fe80::1",
                "fc00::1",
                "fd00:ec2::254",
                "ff02::1",
                "::ffff:10.0.0.1",
                "64:ff9b::a9fe:a9fe",
                "2002:a9fe:a9fe::1",
                "2001:0:1::1",
                "::127.0.0.1"
            })
    void countsNoNeighbourAsPublic(String address) throws Exception {
        assertFalse(AddressRule.PUBLIC.admits(InetAddress.getByName(address)));
        assertTrue(AddressRule.ANY.admits(InetAddress.getByName(address)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1.1.1.1",
                "8.8.8.8",
                "100.63.0.1",
                "100.128.0.1",
                "172.32.0.1",
                "192.0.1.1",
                "198.20.0.1",
                "223.255.255.1",
                "2606:4700::1",
                "2001:4860:4860::8888"
            })
    void countsWhatAnybodyCanReachAsPublic(String address) throws Exception {
        assertTrue(AddressRule.PUBLIC.admits(InetAddress.getByName(address)));
    }

    @Test
    void checksAUrlBeforeItIsKept() {
        for (String url :
                List.of(
                        "ftp://example.com/",
                        "http:///mcp",
                        "mcp",
                        "http://me:pw@example.com/mcp",
                        "https://example.com/mcp#there",
                        "http://169.254.169.254/latest",
                        "http://localhost/mcp")) {
            Failure failure =
                    assertThrows(
                            Failure.class, () -> AddressRule.PUBLIC.check(URI.create(url)), url);
            assertEquals("url", failure.param().orElseThrow());
            assertFalse(failure.text().contains("pw"));
        }
    }

    @Test
    void showsNoSecretOfAnEndpoint() {
        HttpEndpoint endpoint =
                new HttpEndpoint(
                        URI.create("https://Example.com/mcp?key=k-1"),
                        Map.of("X-Key", new Secret("k-2")));

        assertEquals("https://example.com:443/mcp [X-Key]", endpoint.toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"Mcp-Session-Id", "HOST", "Content-Length", "a b", "", "X:"})
    void refusesHeadersThatAreNotTheOperators(String name) {
        Map<String, Secret> headers = Map.of(name, new Secret("x"));

        Failure failure =
                assertThrows(
                        Failure.class,
                        () -> new HttpEndpoint(URI.create("http://example.com"), headers));

        assertEquals("headers", failure.param().orElseThrow());
    }

    private static List<MirrorSchema.Mirror> mirrors(String schema) throws Exception {
        return MirrorSchema.mirrors(new ObjectMapper().readTree(schema.replace('\'', '"')));
    }
}
