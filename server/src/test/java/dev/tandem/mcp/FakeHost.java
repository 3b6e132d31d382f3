package dev.tandem.mcp;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;

/// Keeps what it is told. Fails where a server logs `fail`.
final class FakeHost implements McpHost {
    final List<String> ended = new CopyOnWriteArrayList<>();
    final List<String> log = new CopyOnWriteArrayList<>();
    final BlockingQueue<Kind> changes = new LinkedBlockingQueue<>();

    @Override
    public List<Path> roots() {
        return List.of(Path.of("/srv/work"));
    }

    @Override
    public void listChanged(Kind kind) {
        changes.add(kind);
    }

    @Override
    public void log(String level, String logger, String text) {
        log.add(level + "|" + logger + "|" + text);
        if (text.equals("fail")) {
            throw new IllegalStateException("not this");
        }
    }

    @Override
    public void ended(String why) {
        ended.add(why);
    }
}
