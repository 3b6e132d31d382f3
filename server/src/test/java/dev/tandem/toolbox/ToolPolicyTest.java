package dev.tandem.toolbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.approval.ToolRule;
import dev.tandem.storage.Samples;
import dev.tandem.tool.ToolDefinition;
import dev.tandem.tool.ToolHints;
import dev.tandem.toolbox.PolicyRule.Decision;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The policy as a table.
final class ToolPolicyTest {
    private static final String NOW = "definition";

    /// What the tool says (r: read-only, d: destructive, - for no, nothing for silence), what the
    /// operator says of it, what is remembered (capitals: for another definition), and the verdict.
    @ParameterizedTest
    @CsvSource({
        "'',      '',    '',           ask",
        "r,       '',    '',           allowed hints",
        "d,       '',    '',           ask",
        "-d,      '',    '',           allowed hints",
        "-r,      '',    '',           ask",
        "'-r d',  '',    '',           ask",
        "'-r -d', '',    '',           allowed hints",
        "'r d',   '',    '',           ask",
        "'r -d',  '',    '',           allowed hints",
        "'',      ALLOW, '',           allowed policy",
        "d,       ALLOW, '',           allowed policy",
        "r,       ASK,   '',           ask",
        "r,       DENY,  '',           denied policy",
        "'',      '',    allow,        allowed rule rule_allow",
        "r,       '',    deny,         denied rule rule_deny",
        "'',      '',    'allow deny', denied rule rule_deny",
        "d,       ASK,   allow,        allowed rule rule_allow",
        "r,       ALLOW, deny,         denied rule rule_deny",
        "'',      DENY,  allow,        denied policy",
        "d,       '',    ALLOW,        ask",
        "'',      '',    ALLOW,        ask changed",
        "r,       '',    DENY,         allowed hints",
        "'',      '',    'ALLOW deny', denied rule rule_deny",
    })
    void judges(String hints, String operator, String remembered, String verdict) {
        ToolPolicy policy =
                operator.isEmpty()
                        ? ToolPolicy.HINTS
                        : new ToolPolicy(
                                List.of(new PolicyRule("*", "*", Decision.valueOf(operator))));

        assertEquals(verdict, told(policy.judge(tool(hints), NOW, rules(remembered))));
    }

    @ParameterizedTest
    @CsvSource({
        "files,        write,   files,        files,  write,       true",
        "fil*,         *,       files,        files,  write,       true",
        "files@proj_1, *,       files@proj_1, files,  write,       true",
        "files,        *,       files@proj_1, files,  write,       true",
        "files,        write,   files,        files,  write_file,  false",
        "files,        write*,  files,        files,  write_file,  true",
        "*,            *_file,  files,        files,  write_file,  true",
        "*,            w*_*e,   files,        files,  write_file,  true",
        "*,            a.b,     files,        files,  aXb,         false",
        "other,        *,       files,        files,  write,       false",
    })
    void patternsHaveStars(
            String server, String tool, String id, String name, String called, boolean matches) {
        assertEquals(
                matches, new PolicyRule(server, tool, Decision.DENY).matches(id, name, called));
    }

    @Test
    void theFirstRuleThatIsAboutAToolCounts() {
        ToolPolicy policy =
                new ToolPolicy(
                        List.of(
                                new PolicyRule("files", "read*", Decision.ALLOW),
                                new PolicyRule("files", "*", Decision.DENY)));

        assertFalse(policy.denies("files", "files", "read_file"));
        assertTrue(policy.denies("files", "files", "write_file"));
        assertFalse(policy.denies("web", "web", "write_file"));
    }

    @Test
    void aRuleNamesSomething() {
        assertThrows(IllegalArgumentException.class, () -> new PolicyRule("", "*", Decision.ALLOW));
    }

    @Test
    void aToolIsAnotherWhenItsWordsSchemasOrHintsChange() {
        ToolDefinition tool = definition("Writes.", "{\"type\":\"object\",\"a\":1}", "d");
        String hash = DefinitionHash.of(tool);

        assertEquals(
                hash,
                DefinitionHash.of(definition("Writes.", "{\"a\":1, \"type\":\"object\"}", "d")));
        for (ToolDefinition other :
                List.of(
                        definition("Writes!", "{\"type\":\"object\",\"a\":1}", "d"),
                        definition("Writes.", "{\"type\":\"object\",\"a\":2}", "d"),
                        definition("Writes.", "{\"type\":\"object\",\"a\":1}", "r"))) {
            assertNotEquals(hash, DefinitionHash.of(other));
        }
    }

    private static String told(Verdict verdict) {
        return switch (verdict) {
            case Verdict.Allowed(String by) -> "allowed " + by;
            case Verdict.Denied(String by, String _) -> "denied " + by;
            case Verdict.Ask(String reason) ->
                    reason.contains("otherwise than") ? "ask changed" : "ask";
        };
    }

    private static OfferedTool tool(String hints) {
        return new OfferedTool(
                "files__write", "files", "files", definition("Writes.", "{}", hints));
    }

    private static ToolDefinition definition(String description, String schema, String hints) {
        List<String> said = List.of(hints.split(" "));
        return new ToolDefinition(
                "write",
                Optional.empty(),
                Optional.of(description),
                schema,
                Optional.empty(),
                new ToolHints(said(said, "r"), said(said, "d"), Optional.empty(), Optional.empty()),
                "{}");
    }

    private static Optional<Boolean> said(List<String> hints, String hint) {
        return hints.contains(hint)
                ? Optional.of(true)
                : Optional.of(false).filter(_ -> hints.contains("-" + hint));
    }

    private static List<ToolRule> rules(String words) {
        return Stream.of(words.split(" "))
                .filter(word -> !word.isEmpty())
                .map(
                        word ->
                                new ToolRule(
                                        "rule_" + word,
                                        Samples.TENANT,
                                        Optional.of("sess_1"),
                                        Optional.empty(),
                                        "files",
                                        "write",
                                        word.equals(word.toLowerCase(java.util.Locale.ROOT))
                                                ? NOW
                                                : "another",
                                        word.equalsIgnoreCase("allow"),
                                        "phone",
                                        "appr_1",
                                        Samples.NOON))
                .toList();
    }
}
