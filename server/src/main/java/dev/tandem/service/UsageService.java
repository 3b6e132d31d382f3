package dev.tandem.service;

import dev.tandem.rpc.Call;
import dev.tandem.rpc.RpcMethod;
import dev.tandem.usage.GroupTotals;
import dev.tandem.usage.Grouping;
import dev.tandem.usage.Interval;
import dev.tandem.usage.Period;
import dev.tandem.usage.RunFilter;
import dev.tandem.usage.SpanTotals;
import dev.tandem.usage.Spans;
import dev.tandem.usage.UsageByGroup;
import dev.tandem.usage.UsageStore;
import dev.tandem.usage.UsageTotals;
import dev.tandem.v1.GetUsageRequest;
import dev.tandem.v1.GetUsageTimeseriesRequest;
import dev.tandem.v1.UsageGroup;
import dev.tandem.v1.UsageOuterClass;
import dev.tandem.v1.UsageReport;
import dev.tandem.v1.UsageSpan;
import dev.tandem.v1.UsageTimeseries;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;

/// Serves the sums of what runs have used.
public final class UsageService {
    private static final int GROUPS_DEFAULT = 100;
    private static final int GROUPS_MAX = 1000;
    private static final Duration DAYS_DEFAULT = Duration.ofDays(30);
    private static final Duration HOURS_DEFAULT = Duration.ofHours(24);

    private final UsageStore usage;
    private final InstantSource clock;

    public UsageService(UsageStore usage, InstantSource clock) {
        this.usage = usage;
        this.clock = clock;
    }

    /// The methods of the contract, bound to this service.
    public List<RpcMethod<?, ?>> methods() {
        return new Contract(UsageOuterClass.getDescriptor(), "UsageService")
                .unary(
                        "GetUsage",
                        GetUsageRequest.getDefaultInstance(),
                        UsageReport.getDefaultInstance(),
                        this::byGroup)
                .unary(
                        "GetUsageTimeseries",
                        GetUsageTimeseriesRequest.getDefaultInstance(),
                        UsageTimeseries.getDefaultInstance(),
                        this::bySpan)
                .methods();
    }

    private UsageReport byGroup(Call call, GetUsageRequest request) {
        Grouping grouping =
                request.hasGroupBy()
                        ? Grouping.valueOf(request.getGroupBy().toUpperCase(Locale.ROOT))
                        : Grouping.DAY;
        Period period =
                Period.of(
                        Fields.time("from", request.hasFrom(), request.getFrom()),
                        Fields.time("to", request.hasTo(), request.getTo()),
                        DAYS_DEFAULT,
                        clock.instant());
        int limit =
                Fields.number(request.hasLimit(), request.getLimit())
                        .map(asked -> Math.min(asked, GROUPS_MAX))
                        .orElse(GROUPS_DEFAULT);
        UsageByGroup found = usage.byGroup(call.tenant(), grouping, period, limit);
        UsageReport.Builder answer =
                UsageReport.newBuilder()
                        .setTotal(wire(found.total()))
                        .setHasMore(found.hasMore())
                        .setFrom(Fields.timestamp(period.from()))
                        .setTo(Fields.timestamp(period.to()));
        found.groups().forEach(group -> answer.addData(wire(group)));
        return answer.build();
    }

    private UsageTimeseries bySpan(Call call, GetUsageTimeseriesRequest request) {
        Interval interval =
                request.hasInterval()
                        ? Interval.valueOf(request.getInterval().toUpperCase(Locale.ROOT))
                        : Interval.DAY;
        Period period =
                Period.of(
                        Fields.time("from", request.hasFrom(), request.getFrom()),
                        Fields.time("to", request.hasTo(), request.getTo()),
                        lengthDefault(interval),
                        clock.instant());
        RunFilter filter =
                new RunFilter(
                        Fields.text(request.hasModel(), request.getModel()),
                        Fields.text(request.hasProjectId(), request.getProjectId()),
                        Fields.text(request.hasSessionId(), request.getSessionId()));
        UsageTimeseries.Builder answer = UsageTimeseries.newBuilder();
        usage.bySpan(call.tenant(), Spans.of(interval, period), filter)
                .forEach(span -> answer.addData(wire(span)));
        return answer.build();
    }

    private static Duration lengthDefault(Interval interval) {
        return switch (interval) {
            case HOUR -> HOURS_DEFAULT;
            case DAY -> DAYS_DEFAULT;
        };
    }

    private static UsageGroup.Builder wire(GroupTotals group) {
        return wire(group.totals()).setKey(group.key().orElse(""));
    }

    private static UsageSpan.Builder wire(SpanTotals span) {
        return UsageSpan.newBuilder()
                .setStart(Fields.timestamp(span.start()))
                .setUsed(wire(span.totals()));
    }

    private static UsageGroup.Builder wire(UsageTotals totals) {
        return UsageGroup.newBuilder()
                .setRunCount(totals.runs())
                .setFailedRuns(totals.failedRuns())
                .setUnpricedRuns(totals.unpricedRuns())
                .setUsage(RunEvents.usage(totals.usage()).setTotalCostNanos(totals.costNanos()))
                .setTotalTokens(totals.usage().totalTokens())
                .setTotalCostNanos(totals.costNanos());
    }
}
