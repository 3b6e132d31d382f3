package dev.tandem.hub;

import dev.tandem.failure.Failure;
import dev.tandem.failure.FailureCode;
import dev.tandem.hub.Declared.Home;
import dev.tandem.hub.ServerDeclaration.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/// Where programs work: where their declaration says, in their project's folder, or in one that is
/// there for those without a project.
record Folders(Path common) {

    /// @throws Failure CONFLICT where there is none, or a project's file names one outside
    ///     of the project
    Path of(Declared one, ServerDeclaration expanded, Optional<Home> home) {
        Path usual = home.map(Home::folder).orElse(common);
        Optional<String> named =
                expanded instanceof Program program ? program.folder() : Optional.empty();
        try {
            if (named.isEmpty()) {
                return home.isPresent() ? usual : Files.createDirectories(usual).toRealPath();
            }
            Path real = usual.resolve(named.get()).toRealPath();
            if (one.source() == Declared.Source.PROJECT_FILE && !real.startsWith(usual)) {
                throw wrong(one, "leads out of the project's folder.");
            }
            return real;
        } catch (IOException | InvalidPathException absent) {
            throw wrong(one, "is no folder that can be read.");
        }
    }

    private static Failure wrong(Declared one, String why) {
        return new Failure(
                FailureCode.CONFLICT,
                "The MCP server " + one.id() + " cannot start: the folder where it works " + why);
    }
}
