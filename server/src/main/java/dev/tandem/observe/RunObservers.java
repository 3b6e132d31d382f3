package dev.tandem.observe;

import java.util.List;

/// Tells several observers about each run, in their order.
public record RunObservers(List<RunObserver> observers) implements RunObserver {

    public RunObservers {
        observers = List.copyOf(observers);
    }

    public RunObservers(RunObserver... observers) {
        this(List.of(observers));
    }

    @Override
    public void began(String provider) {
        for (RunObserver observer : observers) {
            observer.began(provider);
        }
    }

    @Override
    public void ended(RunEnd run) {
        for (RunObserver observer : observers) {
            observer.ended(run);
        }
    }
}
