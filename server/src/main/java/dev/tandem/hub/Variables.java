package dev.tandem.hub;

import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The variables that declarations may name as `${NAME}`.
public sealed interface Variables {
    /// What a variable holds.
    sealed interface Value {
        record Text(String text) implements Value {}

        record Unset() implements Value {}

        /// It must not be used here.
        record Hidden() implements Value {}
    }

    Value value(String name);

    /// All of an environment: for what the operator wrote.
    record All(Map<String, String> environment) implements Variables {
        public All {
            environment = Map.copyOf(environment);
        }

        @Override
        public Value value(String name) {
            return Optional.ofNullable(environment.get(name))
                    .<Value>map(Value.Text::new)
                    .orElse(new Value.Unset());
        }

        @Override
        public String toString() {
            return "All[" + environment.size() + "]";
        }
    }

    /// The variables whose names are listed, and no others, whether they are set or not: for what
    /// somebody else wrote, who must not learn the keys of this server.
    record Listed(All all, Set<String> names) implements Variables {
        public Listed {
            names = Set.copyOf(names);
        }

        @Override
        public Value value(String name) {
            return names.contains(name) ? all.value(name) : new Value.Hidden();
        }
    }

    /// Variables with one more, which hides one of that name.
    record With(Variables others, String added, String text) implements Variables {
        @Override
        public Value value(String name) {
            return name.equals(added) ? new Value.Text(text) : others.value(name);
        }
    }
}
