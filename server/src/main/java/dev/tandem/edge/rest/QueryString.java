package dev.tandem.edge.rest;

import java.util.ArrayList;
import java.util.List;

/// The parameters of a query, in order.
record QueryString(List<Parameter> parameters) {
    record Parameter(String name, String value) {}

    static QueryString parse(String raw) {
        List<Parameter> parameters = new ArrayList<>();
        for (String pair : raw.split("&", -1)) {
            if (!pair.isEmpty()) {
                int equals = pair.indexOf('=');
                String key = equals < 0 ? pair : pair.substring(0, equals);
                String name = PercentCode.decode(key, "query", true);
                String text = equals < 0 ? "" : pair.substring(equals + 1);
                parameters.add(new Parameter(name, PercentCode.decode(text, name, true)));
            }
        }
        return new QueryString(List.copyOf(parameters));
    }
}
