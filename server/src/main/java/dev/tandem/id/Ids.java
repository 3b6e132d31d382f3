package dev.tandem.id;

import java.time.InstantSource;
import java.util.random.RandomGenerator;

/// Makes ids: a prefix and 26 characters, the first ten of which are the time in milliseconds, so
/// that ids sort as they were made. Two ids of the same millisecond sort as they were made too.
///
/// An id has 80 random bits: it is hard to guess, but no secret. Whoever hands one in is checked
/// against the tenant of the thing it names. Safe for use by many threads.
public final class Ids {
    private static final char[] DIGITS = "0123456789abcdefghjkmnpqrstvwxyz".toCharArray();
    private static final int RANDOM_BITS_LOW = 40;
    private static final long LOW_MASK = (1L << RANDOM_BITS_LOW) - 1;

    private final InstantSource clock;
    private final RandomGenerator random;
    private long lastMillis = -1;
    private long high;
    private long low;

    /// @param random should be cryptographically strong
    public Ids(InstantSource clock, RandomGenerator random) {
        this.clock = clock;
        this.random = random;
    }

    public String session() {
        return next("sess_");
    }

    public String project() {
        return next("proj_");
    }

    public String message() {
        return next("msg_");
    }

    public String run() {
        return next(Runs.PREFIX);
    }

    public String approval() {
        return next("appr_");
    }

    /// A remembered decision about a tool.
    public String rule() {
        return next("rule_");
    }

    /// A request id, for a client that sent none.
    public String request() {
        return next("req_");
    }

    private synchronized String next(String prefix) {
        long now = clock.millis();
        if (now > lastMillis) {
            lastMillis = now;
            high = random.nextLong() & LOW_MASK;
            low = random.nextLong() & LOW_MASK;
        } else {
            low = (low + 1 + (random.nextLong() & 0xffff)) & LOW_MASK;
            if (low <= 0xffff) {
                high = (high + 1) & LOW_MASK;
            }
        }
        char[] digits = new char[26];
        encode(lastMillis, digits, 0, 10);
        encode(high, digits, 10, 8);
        encode(low, digits, 18, 8);
        return prefix + new String(digits);
    }

    private static void encode(long value, char[] digits, int from, int count) {
        for (int i = count - 1; i >= 0; i--) {
            digits[from + i] = DIGITS[(int) (value & 31)];
            value >>>= 5;
        }
    }

    /// The two names of a run: ours, and the one that OpenAI clients see.
    public static final class Runs {
        static final String PREFIX = "run_";
        private static final String COMPLETION_PREFIX = "chatcmpl-";

        private Runs() {}

        /// The completion's id of a run.
        public static String completionId(String runId) {
            return COMPLETION_PREFIX + runId.substring(PREFIX.length());
        }

        /// The run id that an id of either kind stands for; other texts come back unchanged.
        public static String runId(String id) {
            return id.startsWith(COMPLETION_PREFIX)
                    ? PREFIX + id.substring(COMPLETION_PREFIX.length())
                    : id;
        }
    }
}
