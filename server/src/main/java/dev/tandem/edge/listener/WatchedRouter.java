package dev.tandem.edge.listener;

import io.helidon.webserver.Router;
import io.helidon.webserver.Routing;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.HttpRouting;
import java.util.List;

/// The server's router as one connection sees it: its HTTP routes are watched.
final class WatchedRouter implements Router {

    private final Router router;
    private final WatchedRouting.Watch watch;

    WatchedRouter(Router router, WatchedRouting.Watch watch) {
        this.router = router;
        this.watch = watch;
    }

    @Override
    public <T extends Routing> T routing(Class<T> type, T defaultValue) {
        T routing = router.routing(type, defaultValue);
        return routing instanceof HttpRouting http && type == HttpRouting.class
                ? type.cast(new WatchedRouting(http, watch))
                : routing;
    }

    @Override
    public void beforeStart() {
        router.beforeStart();
    }

    @Override
    public void afterStart(WebServer server) {
        router.afterStart(server);
    }

    @Override
    public void afterStop() {
        router.afterStop();
    }

    @Override
    public List<? extends Routing> routings() {
        return router.routings();
    }
}
