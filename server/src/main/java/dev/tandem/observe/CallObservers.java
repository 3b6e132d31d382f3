package dev.tandem.observe;

import java.util.List;

/// Tells several observers about each call, in their order.
public record CallObservers(List<CallObserver> observers) implements CallObserver {

    public CallObservers {
        observers = List.copyOf(observers);
    }

    public CallObservers(CallObserver... observers) {
        this(List.of(observers));
    }

    @Override
    public void ended(CallEnd call) {
        for (CallObserver observer : observers) {
            observer.ended(call);
        }
    }
}
