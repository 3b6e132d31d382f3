package dev.tandem.edge.json;

import java.util.ArrayList;
import java.util.List;

/// Where a reader is in a document.
final class JsonPath {
    private static final int KEY_MAX = 100;

    private final List<Step> steps = new ArrayList<>();

    /// A step down: into a key of an object, or to an index of an array.
    private static final class Step {
        private String key = "";
        private int index = -1;
    }

    void enter() {
        steps.add(new Step());
    }

    void leave() {
        steps.removeLast();
    }

    void key(String name) {
        steps.getLast().key = name.length() <= KEY_MAX ? name : name.substring(0, KEY_MAX) + "…";
    }

    String key() {
        return steps.getLast().key;
    }

    void nextIndex() {
        steps.getLast().index++;
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (Step step : steps) {
            if (step.index >= 0) {
                text.append('[').append(step.index).append(']');
            } else if (!step.key.isEmpty()) {
                text.append(text.isEmpty() ? "" : ".").append(step.key);
            }
        }
        return text.toString();
    }
}
