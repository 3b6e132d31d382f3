package dev.tandem.rpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.failure.FailureCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

final class FailureStatusTest {
    @ParameterizedTest
    @CsvSource({
        "INVALID_REQUEST, INVALID_ARGUMENT, 400",
        "UNAUTHORIZED, UNAUTHENTICATED, 401",
        "FORBIDDEN, PERMISSION_DENIED, 403",
        "NOT_FOUND, NOT_FOUND, 404",
        "RUN_IN_PROGRESS, ABORTED, 409",
        "ALREADY_EXISTS, ALREADY_EXISTS, 409",
        "REQUEST_TOO_LARGE, RESOURCE_EXHAUSTED, 413",
        "RATE_LIMITED, RESOURCE_EXHAUSTED, 429",
        "CANCELLED, CANCELLED, 499",
        "INTERNAL, INTERNAL, 500",
        "UPSTREAM_ERROR, UNAVAILABLE, 502",
        "OVERLOADED, UNAVAILABLE, 503",
        "UPSTREAM_TIMEOUT, DEADLINE_EXCEEDED, 504",
    })
    void isTheTableOfTheContract(FailureCode code, String grpc, int http) {
        FailureStatus status = FailureStatus.of(code);

        assertEquals(grpc, status.grpc().name());
        assertEquals(http, status.http());
    }

    @ParameterizedTest
    @EnumSource(FailureCode.class)
    void clientsAreToldOnlyOpenAisKinds(FailureCode code) {
        assertTrue(
                FailureStatus.of(code)
                        .type()
                        .matches(
                                "(invalid_request|authentication|permission|rate_limit|server)"
                                        + "_error"));
    }

    @Test
    void aWordStandsForItsCode() {
        assertEquals(FailureCode.NOT_FOUND, FailureCode.of("not_found"));
        assertEquals(FailureCode.INTERNAL, FailureCode.of("no such word"));
    }
}
