package dev.tandem.edge.rest;

import dev.tandem.rpc.RpcMethod;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// The paths of the contract that hold no variables, for edges whose own variables must not hide
/// them.
public final class RestPaths {
    private RestPaths() {}

    public static Set<String> fixed(List<RpcMethod<?, ?>> methods) {
        return methods.stream()
                .flatMap(method -> RestBinding.routes(method).stream())
                .map(RouteTable.Route::template)
                .filter(template -> PathTemplate.parse(template).variables().isEmpty())
                .collect(Collectors.toUnmodifiableSet());
    }
}
