package dev.tandem.edge.rest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.tandem.edge.rest.RouteTable.Found;
import dev.tandem.edge.rest.RouteTable.Route;
import dev.tandem.failure.Failure;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RouteTableTest {
    private final RouteTable<String> table =
            table(
                    "GET /v1/things/{id}",
                    "GET /v1/things/stats",
                    "PATCH /v1/things/{id}",
                    "GET /v1/things/{id}/parts/{part}",
                    "POST /v1/things/{id}:stop",
                    "POST /v1/things:sweep",
                    "GET /v1/models/{name=**}",
                    "GET /v1/models/known",
                    "POST /v1/models/{name=**}:try");

    @ParameterizedTest
    @CsvSource({
        "GET,   /v1/things/7,            GET /v1/things/{id} {id=7}",
        "HEAD,  /v1/things/7,            GET /v1/things/{id} {id=7}",
        "GET,   /v1/things/stats,        GET /v1/things/stats {}",
        "PATCH, /v1/things/stats,        PATCH /v1/things/{id} {id=stats}",
        "GET,   /v1/things/a%2Fb,        GET /v1/things/{id} {id=a/b}",
        "GET,   /v1/things/a%20+%C3%A9,  GET /v1/things/{id} {id=a +é}",
        "GET,   /v1/things/7/parts/8,    'GET /v1/things/{id}/parts/{part} {id=7, part=8}'",
        "POST,  /v1/things/7:stop,       POST /v1/things/{id}:stop {id=7}",
        "POST,  /v1/things/a:b:stop,     POST /v1/things/{id}:stop {id=a:b}",
        "POST,  /v1/things:sweep,        POST /v1/things:sweep {}",
        "GET,   /v1/things/7:start,      GET /v1/things/{id} {id=7:start}",
        "GET,   /v1/things/7:stop,       only [POST]",
        "GET,   /v1/models/a/b:c,        GET /v1/models/{name=**} {name=a/b:c}",
        "GET,   /v1/models/a%2Fb,        GET /v1/models/{name=**} {name=a/b}",
        "GET,   /v1/models/known,        GET /v1/models/known {}",
        "GET,   /v1/models/known/more,   GET /v1/models/{name=**} {name=known/more}",
        "POST,  /v1/models/a/b:try,      POST /v1/models/{name=**}:try {name=a/b}",
        "PUT,   /v1/things/7,            'only [GET, HEAD, PATCH]'",
        "DELETE,/v1/things/7:stop,       only [POST]",
        "GET,   /v1/things,              nothing",
        "GET,   /v1/things/,             nothing",
        "GET,   /v1/things/7/parts,      nothing",
        "GET,   /v1/things//parts/8,     nothing",
        "GET,   /v1/models/,             nothing",
        "GET,   /V1/things/7,            nothing",
        "GET,   /,                       nothing",
        "OPTIONS, *,                     nothing",
    })
    void finds(String method, String path, String expected) {
        assertEquals(expected, shown(table.find(method, path)));
    }

    @Test
    void refusesBrokenEncodingsNamingTheVariable() {
        for (String id : List.of("%zz", "%2", "%", "%ff", "a%C3")) {
            Failure failure =
                    assertThrows(Failure.class, () -> table.find("GET", "/v1/things/" + id));

            assertEquals("id", failure.param().orElseThrow());
        }
    }

    @Test
    void refusesTwoRoutesForTheSameRequests() {
        assertThrows(
                IllegalArgumentException.class,
                () -> table("GET /v1/things/{id}", "GET /v1/things/{name}"));
    }

    @Test
    void refusesTemplatesThatItDoesNotUnderstand() {
        assertThrows(IllegalArgumentException.class, () -> table("GET /v1/{name=things/*}"));
    }

    private static RouteTable<String> table(String... routes) {
        return new RouteTable<>(
                Stream.of(routes)
                        .map(route -> route.split(" ", 2))
                        .map(route -> new Route<>(route[0], route[1], String.join(" ", route)))
                        .toList());
    }

    private static String shown(Found<String> found) {
        return switch (found) {
            case Found.Match<String> match -> match.target() + " " + match.variables();
            case Found.WrongMethod<String> wrong -> "only " + wrong.allowed();
            case Found.Nothing<String> _ -> "nothing";
        };
    }
}
