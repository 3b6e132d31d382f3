package dev.tandem.launch;

import dev.tandem.audit.AuditCheck;
import dev.tandem.audit.AuditHead;
import dev.tandem.failure.Failure;
import dev.tandem.storage.jdbc.AuditFile;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Optional;

/// The command `audit verify`.
final class AuditVerify {
    private static final int SOUND = 0;
    private static final int BROKEN = 1;

    private AuditVerify() {}

    /// Checks the log of a data folder and tells what it found.
    ///
    /// @return what the program ends with: 0 where every row is as it was written
    static int run(Path folder, Optional<AuditHead> anchor, PrintStream out) {
        AuditCheck.Result result;
        try (AuditFile log = AuditFile.open(folder)) {
            result = new AuditCheck(log, anchor).run();
        } catch (Failure told) {
            out.println("tandem: " + told.text());
            return BROKEN;
        }
        AuditHead head = result.head();
        if (result.problem().isPresent()) {
            AuditCheck.Problem problem = result.problem().get();
            out.println("audit: row " + problem.seq() + " is wrong: " + problem.why());
            out.println("audit: " + head.seq() + " rows before it are sound");
            return BROKEN;
        }
        out.println("audit: " + head.seq() + " rows, all sound");
        out.println("audit: head " + head.seq() + ":" + head.hash());
        return SOUND;
    }
}
