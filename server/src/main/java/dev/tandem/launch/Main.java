package dev.tandem.launch;

import dev.tandem.failure.Failure;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The program. Ends with 0 when it was told to stop, with 2 where its settings are wrong, with 1
/// where it cannot start.
public final class Main {
    private static final int WRONG_SETTINGS = 2;
    private static final int CANNOT_START = 1;

    private Main() {}

    public static void main(String[] words) {
        Logging.configure(LogSettings.defaults(), Logging.onTerminal());
        try {
            run(Arguments.parse(List.of(words)));
        } catch (SettingsException wrong) {
            System.err.println("tandem: " + wrong.getMessage());
            System.exit(WRONG_SETTINGS);
        }
    }

    private static void run(Arguments arguments) {
        switch (arguments.task()) {
            case PRINT_USAGE -> System.out.print(Arguments.USAGE);
            case PRINT_VERSION -> System.out.println("tandem " + Version.current());
            case PRINT_SETTINGS -> {
                Configuration all = configuration(arguments);
                settings(all);
                all.asked().forEach(setting -> System.out.println(setting.line()));
            }
            case VERIFY_AUDIT -> {
                Path folder = settings(configuration(arguments)).storage().folder();
                System.exit(AuditVerify.run(folder, arguments.anchor(), System.out));
            }
            case SERVE -> serve(settings(configuration(arguments)));
        }
    }

    private static Configuration configuration(Arguments arguments) {
        return Configuration.read(arguments, System.getenv(), Path.of(""));
    }

    private static ServerSettings settings(Configuration all) {
        Map<String, String> environment = System.getenv();
        return ServerSettings.read(all, environment, Path.of(System.getProperty("user.home")));
    }

    private static void serve(ServerSettings settings) {
        boolean onTerminal = Logging.onTerminal();
        Logging.configure(settings.log(), onTerminal);
        Logger log = LoggerFactory.getLogger(Main.class);
        ServerAssembly server;
        try {
            server = new ServerAssembly(settings).start();
        } catch (Failure told) {
            log.error("cannot start: {}", told.text());
            System.exit(CANNOT_START);
            return;
        } catch (RuntimeException broken) {
            log.error("cannot start: {}", broken.getMessage(), broken);
            System.exit(CANNOT_START);
            return;
        }
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(server::close));
        log.info(
                "tandem {} listens on {}://{}:{} for REST and gRPC",
                Version.current(),
                settings.scheme(),
                settings.listener().host(),
                server.port());
        if (settings.log().isText(onTerminal)) {
            System.out.print(Welcome.text(settings, server.port()));
        }
    }
}
