package dev.tandem.toolbox;

import dev.tandem.tool.ToolDefinition;
import dev.tandem.tool.ToolScope;
import dev.tandem.tool.ToolSelection;
import dev.tandem.tool.ToolServer;
import dev.tandem.tool.ToolServer.Origin;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// Makes one offer: asks the servers, names their tools, chooses.
final class Offers {
    private final ToolPolicy policy;
    private final ToolboxSettings settings;
    private final ToolScope scope;
    private final ToolSelection selection;
    private final List<Offer.Warning> warnings = new ArrayList<>();
    private final Map<String, List<ToolDefinition>> toolsByServer = new HashMap<>();

    Offers(ToolPolicy policy, ToolboxSettings settings, ToolScope scope, ToolSelection selection) {
        this.policy = policy;
        this.settings = settings;
        this.scope = scope;
        this.selection = selection;
    }

    /// @param all every server that the scope sees
    Offer of(Collection<Placed> all) throws InterruptedException {
        List<Placed> chosen = chosen(all);
        ask(chosen);
        List<OfferedTool> tools = named(all, chosen).stream().filter(this::isWanted).toList();
        warnOfUnknownTools(tools);
        return new Offer(firstOf(tools), warnings);
    }

    private List<Placed> chosen(Collection<Placed> all) {
        for (String wanted : selection.servers()) {
            if (all.stream().noneMatch(server -> server.isCalled(wanted))) {
                warnings.add(new Offer.Warning(wanted, "There is no server " + wanted + "."));
            }
        }
        return all.stream()
                .filter(server -> isCalled(server, selection.servers()))
                .sorted(
                        Comparator.comparingInt(this::place)
                                .thenComparing(placed -> placed.server().name())
                                .thenComparing(placed -> placed.server().id()))
                .toList();
    }

    private static boolean isCalled(Placed server, List<String> names) {
        return names.isEmpty() || names.stream().anyMatch(server::isCalled);
    }

    /// Where a server stands: those with priority first, in their order.
    private int place(Placed server) {
        List<String> first = selection.priority();
        for (int i = 0; i < first.size(); i++) {
            if (server.isCalled(first.get(i))) {
                return i;
            }
        }
        return first.size();
    }

    /// Asks all at once; each has the same time, counted from the beginning.
    private void ask(List<Placed> chosen) throws InterruptedException {
        List<Listing> listings =
                chosen.stream().map(server -> Listing.start(server, scope)).toList();
        long deadline = System.nanoTime() + settings.listTimeout().toNanos();
        try {
            for (Listing listing : listings) {
                ToolServer server = listing.asked().server();
                Duration left = Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
                switch (listing.await(left)) {
                    case Listing.Answer.Tools(List<ToolDefinition> tools) ->
                            toolsByServer.put(server.id(), tools);
                    case Listing.Answer.Missing(String why) ->
                            warnings.add(new Offer.Warning(server.id(), why));
                }
            }
        } finally {
            listings.forEach(Listing::stop);
        }
    }

    private List<OfferedTool> named(Collection<Placed> all, List<Placed> chosen) {
        ToolNames names = new ToolNames(all.stream().map(Placed::server).toList());
        Set<String> plain = plainNames(chosen);
        Set<String> taken = new HashSet<>();
        List<OfferedTool> named = new ArrayList<>();
        for (Placed placed : chosen) {
            ToolServer server = placed.server();
            Map<String, ToolDefinition> tools = new TreeMap<>();
            tools(server).forEach(tool -> tools.putIfAbsent(tool.name(), tool));
            Map<String, String> prefixed = names.of(server.id(), List.copyOf(tools.keySet()));
            for (ToolDefinition tool : tools.values()) {
                boolean own = server.origin() == Origin.PLUGIN && plain.contains(tool.name());
                String name = own ? tool.name() : prefixed.getOrDefault(tool.name(), "");
                if (!taken.add(name)) {
                    name = ToolNames.hashed(name, server.id(), tool.name());
                    taken.add(name);
                }
                named.add(new OfferedTool(name, server.id(), server.name(), tool));
            }
        }
        return named;
    }

    /// Legal names that one plugin's tool has, and no other's.
    private Set<String> plainNames(List<Placed> chosen) {
        Set<String> once = new HashSet<>();
        Set<String> often = new HashSet<>();
        for (Placed placed : chosen) {
            if (placed.server().origin() == Origin.PLUGIN) {
                for (ToolDefinition tool : tools(placed.server())) {
                    if (ToolNames.isLegal(tool.name()) && !once.add(tool.name())) {
                        often.add(tool.name());
                    }
                }
            }
        }
        once.removeAll(often);
        return once;
    }

    private List<ToolDefinition> tools(ToolServer server) {
        return toolsByServer.getOrDefault(server.id(), List.of());
    }

    private boolean isWanted(OfferedTool tool) {
        String plain = tool.definition().name();
        boolean named =
                selection.tools().isEmpty()
                        || selection.tools().contains(tool.name())
                        || selection.tools().contains(plain);
        return named && !policy.denies(tool.serverId(), tool.serverName(), plain);
    }

    private void warnOfUnknownTools(List<OfferedTool> tools) {
        for (String wanted : selection.tools()) {
            boolean known =
                    tools.stream()
                            .anyMatch(
                                    tool ->
                                            tool.name().equals(wanted)
                                                    || tool.definition().name().equals(wanted));
            if (!known) {
                warnings.add(
                        new Offer.Warning(
                                wanted, "No server offers a tool " + wanted + " to this caller."));
            }
        }
    }

    /// As many tools as an offer may have; each server that loses some is named.
    private List<OfferedTool> firstOf(List<OfferedTool> tools) {
        if (tools.size() <= settings.toolsMax()) {
            return tools;
        }
        Map<String, Integer> left = new TreeMap<>();
        tools.subList(settings.toolsMax(), tools.size())
                .forEach(tool -> left.merge(tool.serverId(), 1, Integer::sum));
        left.forEach(
                (server, count) ->
                        warnings.add(
                                new Offer.Warning(
                                        server,
                                        "%d of its tools were left out, for an offer has at most %d"
                                                        .formatted(count, settings.toolsMax())
                                                + "; choose servers or tools, or give this one"
                                                + " priority.")));
        return tools.subList(0, settings.toolsMax());
    }
}
