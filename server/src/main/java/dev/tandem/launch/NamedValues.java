package dev.tandem.launch;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// A layer that knows the keys of its settings: the file, the command line.
record NamedValues(Map<String, Found> values) implements Layer {

    @Override
    public Optional<Found> find(String key) {
        return Optional.ofNullable(values.get(key));
    }

    @Override
    public Set<String> below(String key) {
        String prefix = key + ".";
        Set<String> names = new LinkedHashSet<>();
        for (String candidate : values.keySet()) {
            if (candidate.startsWith(prefix)) {
                names.add(candidate.substring(prefix.length()).split("\\.", 2)[0]);
            }
        }
        return names;
    }

    @Override
    public Iterable<Stray> strays(Set<String> read) {
        List<Stray> strays = new ArrayList<>();
        values.forEach(
                (key, found) -> {
                    if (!read.contains(key)) {
                        strays.add(new Stray(found.origin(), key, key));
                    }
                });
        return strays;
    }
}
