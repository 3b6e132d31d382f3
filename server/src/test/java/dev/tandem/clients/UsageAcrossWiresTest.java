package dev.tandem.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.Message;
import com.google.protobuf.Timestamp;
import dev.tandem.conversation.Usage;
import dev.tandem.launch.RunningServer;
import dev.tandem.run.RunRecord;
import dev.tandem.session.Session;
import dev.tandem.storage.PastRun;
import dev.tandem.storage.Samples;
import dev.tandem.storage.jdbc.Database;
import dev.tandem.storage.jdbc.JdbcRunStore;
import dev.tandem.storage.jdbc.JdbcSessionStore;
import dev.tandem.storage.jdbc.StorageSettings;
import dev.tandem.v1.GetSessionStatsRequest;
import dev.tandem.v1.GetUsageRequest;
import dev.tandem.v1.GetUsageTimeseriesRequest;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/// Sums over runs whose times and costs are known, asked for over gRPC and over REST: the answers
/// are the same, and right.
final class UsageAcrossWiresTest {
    /// 100 tokens.
    private static final Usage HUNDRED = new Usage(10, 20, 30, 40, 25, 15);

    /// 10 tokens.
    private static final Usage TEN = new Usage(1, 2, 3, 4, 2, 1);

    private static final Session SESSION = Samples.session();

    @TempDir private static Path data;
    private static RunningServer server;

    @BeforeAll
    static void start() {
        past();
        server =
                RunningServer.start(
                        data,
                        Map.of(
                                "scripted.enabled", "true",
                                "auth.keys.0.name", "ada",
                                "auth.keys.0.tenant", Samples.TENANT,
                                "auth.keys.0.key", KeyedServer.KEY,
                                "auth.keys.1.name", "bob",
                                "auth.keys.1.tenant", Samples.OTHERS,
                                "auth.keys.1.key", KeyedServer.OTHER_KEY));
    }

    private static void past() {
        try (Database database = Database.open(StorageSettings.DEFAULTS.in(data))) {
            JdbcRunStore runs = new JdbcRunStore(database);
            new JdbcSessionStore(database).create(SESSION);
            PastRun inSession = PastRun.at("2026-03-02T00:00:00Z").in("proj_a", SESSION.id());
            for (RunRecord run :
                    List.of(inSession.used(HUNDRED, 1_500_000_000), inSession.unpriced(TEN))) {
                runs.begin(RunRecord.begun(run.info()), List.of(), Optional.empty());
                runs.finish(run, List.of(), false, Optional.empty());
            }
            for (RunRecord run :
                    List.of(
                            PastRun.at("2026-03-01T23:59:59.999Z").used(TEN, 1),
                            PastRun.at("2026-03-02T05:00:00Z").by("laptop").failed(),
                            PastRun.at("2026-03-04T00:00:00Z").of(Samples.OTHERS).used(TEN, 7))) {
                runs.finish(run, List.of(), false, Optional.empty());
            }
        }
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @TestFactory
    Stream<DynamicTest> sameOnBothWires() {
        Map<Message, String> table = new LinkedHashMap<>();
        table.put(
                march("day").build(),
                "2026-03-01 1 run 0 failed 0 unpriced 10 tokens $0.000000001;"
                        + " 2026-03-02 3 run 1 failed 1 unpriced 110 tokens $1.5;"
                        + " total 4 run 1 failed 1 unpriced 120 tokens $1.500000001");
        table.put(
                march("day").clearGroupBy().setLimit(1).build(),
                "2026-03-01 1 run 0 failed 0 unpriced 10 tokens $0.000000001;"
                        + " total 4 run 1 failed 1 unpriced 120 tokens $1.500000001; more");
        table.put(
                march("project").build(),
                "proj_a 2 run 0 failed 1 unpriced 110 tokens $1.5;"
                        + "  2 run 1 failed 0 unpriced 10 tokens $0.000000001;"
                        + " total 4 run 1 failed 1 unpriced 120 tokens $1.500000001");
        table.put(
                march("key").build(),
                "phone 3 run 0 failed 1 unpriced 120 tokens $1.500000001;"
                        + " laptop 1 run 1 failed 0 unpriced 0 tokens $0;"
                        + " total 4 run 1 failed 1 unpriced 120 tokens $1.500000001");
        table.put(
                march("model").setLimit(5_000).build(),
                "claude-sonnet-5 4 run 1 failed 1 unpriced 120 tokens $1.500000001;"
                        + " total 4 run 1 failed 1 unpriced 120 tokens $1.500000001");
        table.put(
                march("session").setFrom(time("2026-03-02T00:00:00.001Z")).build(),
                " 1 run 1 failed 0 unpriced 0 tokens $0;"
                        + " total 1 run 1 failed 0 unpriced 0 tokens $0");
        table.put(
                march("provider").setTo(time("2026-03-01T00:00:00.001Z")).build(),
                "total 0 run 0 failed 0 unpriced 0 tokens $0");
        table.put(
                days().build(),
                "2026-03-01T00:00:00Z 1 run 0 failed 0 unpriced 10 tokens $0.000000001;"
                        + " 2026-03-02T00:00:00Z 3 run 1 failed 1 unpriced 110 tokens $1.5;"
                        + " 2026-03-03T00:00:00Z 0 run 0 failed 0 unpriced 0 tokens $0");
        table.put(
                days().setInterval("hour")
                        .setProjectId("proj_a")
                        .setModel("claude-sonnet-5")
                        .setSessionId(SESSION.id())
                        .setFrom(time("2026-03-01T23:30:00Z"))
                        .setTo(time("2026-03-02T00:00:00.001Z"))
                        .build(),
                "2026-03-01T23:00:00Z 0 run 0 failed 0 unpriced 0 tokens $0;"
                        + " 2026-03-02T00:00:00Z 2 run 0 failed 1 unpriced 110 tokens $1.5");
        table.put(march("tool").build(), "invalid_request at group_by");
        table.put(march("day").setLimit(0).build(), "invalid_request at limit");
        table.put(march("day").setFrom(time("2999-01-01T00:00:00Z")).build(), FROM);
        table.put(march("day").setTo(march("day").getFrom()).build(), FROM);
        table.put(days().setInterval("week").build(), "invalid_request at interval");
        table.put(days().setFrom(time("2020-01-01T00:00:00Z")).build(), FROM);
        table.put(days().setFrom(time("0001-01-01T00:00:00Z")).build(), FROM);
        return table.entrySet().stream()
                .map(each -> dynamicTest(name(each.getKey()), () -> same(each)));
    }

    private static final String FROM = "invalid_request at from";

    private static void same(Map.Entry<Message, String> each) {
        Wire.Answer grpc = grpc().call(each.getKey());
        Wire.Answer rest = rest().call(each.getKey());

        assertEquals(each.getValue(), told(grpc));
        assertEquals(each.getValue(), told(rest));
        assertEquals(grpc.message(), rest.message());
        assertEquals(RestJson.settled(grpc.json()), RestJson.settled(rest.json()));
    }

    @Test
    void usageHasItsFourCountersAndItsPeriod() {
        for (Wire wire : List.of(grpc(), rest())) {
            JsonNode report = wire.call(march("provider").build()).ok();

            JsonNode usage = report.path("total").path("usage");
            assertEquals(12, usage.path("input_tokens").asLong());
            assertEquals(24, usage.path("cache_read_input_tokens").asLong());
            assertEquals(36, usage.path("cache_creation_input_tokens").asLong());
            assertEquals(48, usage.path("output_tokens").asLong());
            assertEquals(17, usage.path("reasoning_tokens").asLong());
            assertEquals(
                    report.path("total").path("total_cost").decimalValue(),
                    usage.path("total_cost").decimalValue());
            assertEquals("2026-03-01T00:00:00Z", report.path("from").asText());
            assertEquals("2026-04-01T00:00:00Z", report.path("to").asText());
        }
    }

    @Test
    void withoutTimesItIsTheThirtyDaysUntilNow() {
        for (Wire wire : List.of(grpc(), rest())) {
            Instant before = Instant.now().minusMillis(1);
            JsonNode report = wire.call(GetUsageRequest.getDefaultInstance()).ok();

            Instant to = Instant.parse(report.path("to").asText());
            assertFalse(to.isBefore(before), to::toString);
            assertFalse(to.isAfter(Instant.now()), to::toString);
            assertEquals(
                    to.minusSeconds(30 * 86_400L), Instant.parse(report.path("from").asText()));
            assertEquals(
                    31,
                    wire.call(GetUsageTimeseriesRequest.newBuilder().build())
                            .ok()
                            .path("data")
                            .size());
            int hours =
                    wire.call(GetUsageTimeseriesRequest.newBuilder().setInterval("hour").build())
                            .ok()
                            .path("data")
                            .size();
            assertEquals(25, hours);
            GetUsageRequest future =
                    GetUsageRequest.newBuilder().setFrom(time("2999-01-01T00:00:00Z")).build();
            assertEquals(FROM, wire.call(future).failure());
        }
    }

    @Test
    void aTimeThatIsNoneIsRefused() {
        Timestamp late = Timestamp.newBuilder().setSeconds(Long.MAX_VALUE).build();
        Timestamp odd = Timestamp.newBuilder().setNanos(-1).build();

        assertEquals(FROM, grpc().call(march("day").setFrom(late).build()).failure());
        assertEquals(
                "invalid_request at to", grpc().call(march("day").setTo(odd).build()).failure());
        assertEquals(
                400,
                server.send(
                                HttpRequest.newBuilder(server.uri("/v1/usage?from=yesterday"))
                                        .header("authorization", "Bearer " + KeyedServer.KEY))
                        .statusCode());
    }

    @Test
    void aTenantSeesTheirOwn() {
        for (Wire wire : List.of(grpc(), rest())) {
            assertEquals(
                    "phone 1 run 0 failed 0 unpriced 10 tokens $0.000000007;"
                            + " total 1 run 0 failed 0 unpriced 10 tokens $0.000000007",
                    told(wire.as(KeyedServer.OTHER_KEY).call(march("key").build())));
        }
    }

    @Test
    void aSessionsOwnSumsAgree() {
        for (Wire wire : List.of(grpc(), rest())) {
            JsonNode stats =
                    wire.call(
                                    GetSessionStatsRequest.newBuilder()
                                            .setSessionId(SESSION.id())
                                            .build())
                            .ok();
            JsonNode group = wire.call(march("session").build()).ok().path("data").path(0);

            assertEquals(SESSION.id(), group.path("key").asText());
            assertEquals(2, stats.path("run_count").asInt());
            for (String sum :
                    List.of(
                            "run_count",
                            "failed_runs",
                            "unpriced_runs",
                            "usage",
                            "total_tokens",
                            "total_cost")) {
                assertTrue(stats.has(sum), sum);
                assertEquals(
                        RestJson.settled(stats.path(sum)), RestJson.settled(group.path(sum)), sum);
            }
        }
    }

    private static Wire grpc() {
        return new GrpcWire(server.grpc(), Map.of()).as(KeyedServer.KEY);
    }

    private static Wire rest() {
        return new RestWire(server, Map.of()).as(KeyedServer.KEY);
    }

    private static GetUsageRequest.Builder march(String groupBy) {
        return GetUsageRequest.newBuilder()
                .setGroupBy(groupBy)
                .setFrom(time("2026-03-01T00:00:00Z"))
                .setTo(time("2026-04-01T00:00:00Z"));
    }

    private static GetUsageTimeseriesRequest.Builder days() {
        return GetUsageTimeseriesRequest.newBuilder()
                .setFrom(time("2026-03-01T12:00:00Z"))
                .setTo(time("2026-03-04T00:00:00Z"));
    }

    private static Timestamp time(String text) {
        Instant instant = Instant.parse(text);
        return Timestamp.newBuilder()
                .setSeconds(instant.getEpochSecond())
                .setNanos(instant.getNano())
                .build();
    }

    private static String name(Message request) {
        return request.getDescriptorForType().getName() + " " + RestJson.of(request);
    }

    private static String told(Wire.Answer answer) {
        if (!answer.code().isEmpty()) {
            return answer.failure();
        }
        JsonNode json = answer.json();
        Stream<String> sums =
                StreamSupport.stream(json.path("data").spliterator(), false)
                        .map(UsageAcrossWiresTest::line);
        Stream<String> total =
                json.has("total") ? Stream.of("total" + sum(json.path("total"))) : Stream.of();
        Stream<String> more = json.path("has_more").asBoolean() ? Stream.of("more") : Stream.of();
        return String.join("; ", Stream.concat(sums, Stream.concat(total, more)).toList());
    }

    private static String line(JsonNode each) {
        return each.has("start")
                ? each.path("start").asText() + sum(each.path("used"))
                : each.path("key").asText() + sum(each);
    }

    private static String sum(JsonNode group) {
        return " %d run %d failed %d unpriced %d tokens $%s"
                .formatted(
                        group.path("run_count").asLong(),
                        group.path("failed_runs").asLong(),
                        group.path("unpriced_runs").asLong(),
                        group.path("total_tokens").asLong(),
                        group.path("total_cost")
                                .decimalValue()
                                .stripTrailingZeros()
                                .toPlainString());
    }
}
