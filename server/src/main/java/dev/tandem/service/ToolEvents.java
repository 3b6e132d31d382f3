package dev.tandem.service;

import dev.tandem.run.RunEvent;
import dev.tandem.v1.ServerCallProgress;
import dev.tandem.v1.ServerCallStarted;

/// Events of calls of this server's tools, from domain to wire.
final class ToolEvents {
    private ToolEvents() {}

    static ServerCallStarted.Builder started(RunEvent.ServerCall call) {
        return ServerCallStarted.newBuilder()
                .setId(call.id())
                .setName(call.name())
                .setServer(call.server())
                .setTool(call.tool());
    }

    static ServerCallProgress.Builder progress(RunEvent.CallProgress news) {
        ServerCallProgress.Builder wire =
                ServerCallProgress.newBuilder().setId(news.id()).setDone(news.progress().done());
        news.progress().total().ifPresent(wire::setTotal);
        news.progress().message().ifPresent(wire::setMessage);
        return wire;
    }
}
