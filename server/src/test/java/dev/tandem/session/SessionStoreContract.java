package dev.tandem.session;

import static dev.tandem.storage.Samples.LATER;
import static dev.tandem.storage.Samples.NOON;
import static dev.tandem.storage.Samples.OTHERS;
import static dev.tandem.storage.Samples.TENANT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.conversation.Content;
import dev.tandem.conversation.Message;
import dev.tandem.conversation.Role;
import dev.tandem.conversation.Usage;
import dev.tandem.failure.Failure;
import dev.tandem.failure.FailureCode;
import dev.tandem.page.Page;
import dev.tandem.page.PageRequest;
import dev.tandem.page.PageToken;
import dev.tandem.project.Project;
import dev.tandem.project.ProjectStore;
import dev.tandem.run.RunEvent.Bill;
import dev.tandem.run.RunRecord;
import dev.tandem.run.RunStore;
import dev.tandem.storage.Samples;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/// What every [SessionStore] does. Its messages come from runs, so the stores are opened together.
public abstract class SessionStoreContract {
    private static final PageRequest FIRST = new PageRequest(50, Optional.empty());

    protected abstract SessionStore sessions();

    protected abstract ProjectStore projects();

    protected abstract RunStore runs();

    @Test
    void findsWhatWasCreated() {
        Project project = Samples.project("kite");
        projects().create(project);
        Session session =
                Session.fresh(
                        "sess_1",
                        TENANT,
                        Optional.of(project.id()),
                        Optional.of("Grüße 🪁"),
                        Optional.of("local"),
                        Optional.of("Be brief.\n\u0000'; DROP TABLE session; --"),
                        NOON);

        sessions().create(session);

        assertEquals(Optional.of(session), sessions().find(TENANT, "sess_1"));
    }

    @Test
    void findsNothingWhereNothingIs() {
        assertEquals(Optional.empty(), sessions().find(TENANT, "sess_0"));
        assertEquals(List.of(), sessions().history(TENANT, "sess_0"));
        assertEquals(Optional.empty(), sessions().totals(TENANT, "sess_0"));
        assertFalse(sessions().delete(TENANT, "sess_0"));
        assertEquals(
                Optional.empty(), sessions().messages(TENANT, "sess_0", MessageQuery.ALL, FIRST));
        assertEquals(Optional.empty(), sessions().update(TENANT, "sess_0", titled("New"), LATER));
        assertEquals(Optional.empty(), sessions().clear(TENANT, "sess_0", LATER));
        assertEquals(Optional.empty(), sessions().fork(TENANT, "sess_0", all("sess_1")));
        assertEquals(new SessionsTotals(0, 0, 0, 0, 0), sessions().totals(TENANT));
    }

    @Test
    void refusesAnotherTenantsProjectLikeOneThatIsNotThere() {
        Project theirs = Samples.projectOf(OTHERS, "kite");
        projects().create(theirs);
        Session session = Samples.sessionIn(TENANT, Optional.of(theirs.id()));

        Failure failure = assertThrows(Failure.class, () -> sessions().create(session));

        assertEquals(FailureCode.NOT_FOUND, failure.code());
        assertEquals(Optional.of("project_id"), failure.param());
        assertEquals(Optional.empty(), sessions().find(TENANT, session.id()));
    }

    @Test
    void changesWhatIsGivenAndClearsWhatIsEmpty() {
        Session session =
                Session.fresh(
                        "sess_1",
                        TENANT,
                        Optional.empty(),
                        Optional.of("Old"),
                        Optional.of("local"),
                        Optional.of("Be brief."),
                        NOON);
        sessions().create(session);

        Session changed =
                sessions()
                        .update(
                                TENANT,
                                "sess_1",
                                new SessionChange(
                                        Optional.of("New"), Optional.empty(), Optional.of("")),
                                LATER)
                        .orElseThrow();

        assertEquals(Optional.of("New"), changed.title());
        assertEquals(Optional.of("local"), changed.model());
        assertEquals(Optional.empty(), changed.systemPrompt());
        assertEquals(NOON, changed.createdAt());
        assertEquals(LATER, changed.updatedAt());
        assertEquals(Optional.of(changed), sessions().find(TENANT, "sess_1"));
    }

    @Test
    void listsNewestFirstAndStaysStableWhileSessionsAreAddedAndDeleted() {
        List<Session> made = create(5, Optional.empty());

        Page<Session> first = list(2, Optional.empty(), Optional.empty());
        create(3, Optional.empty());
        sessions().delete(TENANT, made.get(3).id());
        Page<Session> second = list(2, Optional.empty(), first.next());
        Page<Session> last = list(2, Optional.empty(), second.next());

        assertEquals(List.of(made.get(4), made.get(3)), first.items());
        assertEquals(List.of(made.get(2), made.get(1)), second.items());
        assertEquals(List.of(made.get(0)), last.items());
        assertEquals(Optional.empty(), last.next());
    }

    @Test
    void listsOneProjectsSessionsUnderANameOfItsOwn() {
        Project project = Samples.project("kite");
        projects().create(project);
        create(1, Optional.empty());
        List<Session> inside = create(3, Optional.of(project.id()));

        Page<Session> first = list(2, Optional.of(project.id()), Optional.empty());
        Page<Session> second = list(2, Optional.of(project.id()), first.next());

        assertEquals(List.of(inside.get(2), inside.get(1)), first.items());
        assertEquals("sessions/" + project.id(), first.next().orElseThrow().list());
        assertEquals(List.of(inside.get(0)), second.items());
    }

    @Test
    void listsMessagesInBothOrdersPageByPage() {
        Session session = create(1, Optional.empty()).getFirst();
        List<StoredMessage> said = talk(session, 3);

        assertEquals(said, pages(session, new MessageQuery(Optional.empty(), false)));
        assertEquals(said.reversed(), pages(session, new MessageQuery(Optional.empty(), true)));
        assertEquals(said, sessions().history(TENANT, session.id()));
    }

    @Test
    void listsTheMessagesOfOneRole() {
        Session session = create(1, Optional.empty()).getFirst();
        List<StoredMessage> said = talk(session, 3);

        List<StoredMessage> asked = pages(session, new MessageQuery(Optional.of(Role.USER), false));

        assertEquals(List.of(said.get(0), said.get(2), said.get(4)), asked);
    }

    @Test
    void pagesOfMessagesStayStableWhileMessagesAreAdded() {
        Session session = create(1, Optional.empty()).getFirst();
        List<StoredMessage> said = talk(session, 2);
        MessageQuery newest = new MessageQuery(Optional.empty(), true);

        Page<StoredMessage> first = page(session, newest, 2, Optional.empty());
        talk(session, 1);
        Page<StoredMessage> second = page(session, newest, 2, first.next());

        assertEquals(said.reversed().subList(0, 2), first.items());
        assertEquals(said.reversed().subList(2, 4), second.items());
        assertEquals(Optional.empty(), second.next());
    }

    @Test
    void keepsEveryKindOfContent() {
        Session session = create(1, Optional.empty()).getFirst();
        RunRecord run = Samples.run(session);
        Message message =
                new Message(
                        Role.ASSISTANT,
                        List.of(
                                new Content.Reasoning("hm"),
                                new Content.ToolUse("call_1", "read", "{\"a\": 128}")),
                        Optional.of("Ada"),
                        Optional.of(
                                new Message.Original("anthropic", "m", "[{\"signature\":\"x\"}]")));
        StoredMessage stored = Samples.message(run, message);

        runs().begin(run, List.of(stored), Optional.empty());

        assertEquals(List.of(stored), sessions().history(TENANT, session.id()));
    }

    @Test
    void deletesASessionWithItsMessagesAndKeepsItsRuns() {
        Session session = create(1, Optional.empty()).getFirst();
        talk(session, 2);
        RunRecord latest = runs().latestOf(TENANT, session.id()).orElseThrow();

        assertTrue(sessions().delete(TENANT, session.id()));

        assertEquals(Optional.empty(), sessions().find(TENANT, session.id()));
        assertEquals(List.of(), sessions().history(TENANT, session.id()));
        assertEquals(Optional.of(latest), runs().find(TENANT, latest.info().id()));
        assertFalse(sessions().delete(TENANT, session.id()));
    }

    @Test
    void copiesASessionIntoOneThatHasUsedNothing() {
        Project project = Samples.project("kite");
        projects().create(project);
        Session session =
                Session.fresh(
                        "sess_1",
                        TENANT,
                        Optional.of(project.id()),
                        Optional.of("Kites"),
                        Optional.of("local"),
                        Optional.of("Be brief."),
                        NOON);
        sessions().create(session);
        List<StoredMessage> said = talk(session, 2);
        Session before = find(session);

        Session copy = fork(session, Optional.empty(), Optional.empty());

        assertEquals(
                new Session(
                        "sess_2",
                        TENANT,
                        Optional.of(project.id()),
                        Optional.of("Kites"),
                        Optional.of("local"),
                        Optional.of("Be brief."),
                        LATER,
                        LATER,
                        false,
                        0,
                        0,
                        4,
                        0),
                copy);
        assertEquals(Optional.of(copy), sessions().find(TENANT, "sess_2"));
        assertEquals(copies(said, "sess_2"), sessions().history(TENANT, "sess_2"));
        assertEquals(
                new SessionTotals(4, 2, 2, 0, 0, 0, 0, Usage.NONE, 0),
                sessions().totals(TENANT, "sess_2").orElseThrow());
        assertEquals(before, find(session));
        assertEquals(said, sessions().history(TENANT, session.id()));
    }

    @Test
    void copiesUpToAMessage() {
        Session session = create(1, Optional.empty()).getFirst();
        List<StoredMessage> said = talk(session, 3);

        Session copy =
                fork(session, Optional.of(said.get(2).id()), Optional.of("Another question"));

        assertEquals(3, copy.messageCount());
        assertEquals(Optional.of("Another question"), copy.title());
        assertEquals(copies(said.subList(0, 3), copy.id()), sessions().history(TENANT, copy.id()));
    }

    @Test
    void copiesAProvidersOwnFormAsItIs() {
        Session session = create(1, Optional.empty()).getFirst();
        RunRecord run = Samples.run(session);
        Message message =
                new Message(
                        Role.ASSISTANT,
                        List.of(new Content.ToolUse("call_1", "read", "{\"a\": 128}")),
                        Optional.empty(),
                        Optional.of(
                                new Message.Original(
                                        "anthropic", "m", "[{ \"signature\":\"x\" }]")));
        runs().begin(run, List.of(Samples.message(run, message)), Optional.empty());
        runs().finish(Samples.completed(run, Bill.NONE), List.of(), false, Optional.empty());

        Session copy = fork(session, Optional.empty(), Optional.empty());

        assertEquals(message, sessions().history(TENANT, copy.id()).getFirst().message());
    }

    @Test
    void refusesToCopyUpToAMessageThatIsNotThere() {
        List<Session> made = create(2, Optional.empty());
        List<StoredMessage> elsewhere = talk(made.getFirst(), 1);
        talk(made.getLast(), 1);

        for (String id : List.of("msg_0", "zzz", elsewhere.getFirst().id())) {
            Failure failure =
                    assertThrows(
                            Failure.class,
                            () -> fork(made.getLast(), Optional.of(id), Optional.empty()));

            assertEquals(FailureCode.NOT_FOUND, failure.code());
            assertEquals(Optional.of("message_id"), failure.param());
        }
        assertEquals(Optional.empty(), sessions().find(TENANT, "sess_2"));
    }

    @Test
    void copiesNoAnswerThatIsBeingMadeButWhatCameBefore() {
        Session session = create(1, Optional.empty()).getFirst();
        List<StoredMessage> said = talk(session, 1);
        RunRecord run = Samples.run(session);
        runs().begin(run, List.of(Samples.question(run, "And?")), Optional.empty());

        Failure failure =
                assertThrows(
                        Failure.class, () -> fork(session, Optional.empty(), Optional.empty()));

        assertEquals(FailureCode.RUN_IN_PROGRESS, failure.code());
        assertEquals(Optional.of(run.info().id()), failure.runId());
        assertEquals(Optional.empty(), sessions().find(TENANT, "sess_2"));
        assertEquals(
                2,
                fork(session, Optional.of(said.getLast().id()), Optional.empty()).messageCount());
    }

    @Test
    void clearsASessionAndKeepsWhatItHasUsed() {
        Session session = create(1, Optional.empty()).getFirst();
        talk(session, 2);
        Session before = find(session);

        Session cleared = sessions().clear(TENANT, session.id(), LATER).orElseThrow();

        assertEquals(0, cleared.messageCount());
        assertEquals(LATER, cleared.updatedAt());
        assertEquals(before.totalTokens(), cleared.totalTokens());
        assertEquals(before.totalCostNanos(), cleared.totalCostNanos());
        assertEquals(List.of(), sessions().history(TENANT, session.id()));
        assertEquals(2, sessions().totals(TENANT, session.id()).orElseThrow().runs());
        assertEquals(2, talk(session, 1).size());
        assertEquals(2, find(session).messageCount());
    }

    @Test
    void doesNotClearASessionThatIsAnswering() {
        Session session = create(1, Optional.empty()).getFirst();
        talk(session, 1);
        RunRecord run = Samples.run(session);
        runs().begin(run, List.of(Samples.question(run, "And?")), Optional.empty());
        Session before = find(session);

        Failure failure =
                assertThrows(Failure.class, () -> sessions().clear(TENANT, session.id(), LATER));

        assertEquals(FailureCode.RUN_IN_PROGRESS, failure.code());
        assertEquals(Optional.of(run.info().id()), failure.runId());
        assertEquals(before, find(session));
        assertEquals(3, sessions().history(TENANT, session.id()).size());
    }

    @Test
    void ofAClearAndARunAtTheSameMomentEachIsWholeOrRefused() throws Exception {
        for (int round = 0; round < 50; round++) {
            Session session = create(1, Optional.empty()).getFirst();
            talk(session, 1);
            RunRecord run = Samples.run(session);
            List<StoredMessage> questions = List.of(Samples.question(run, "And?"));
            CyclicBarrier together = new CyclicBarrier(2);
            Future<Boolean> clearing;
            try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                clearing =
                        threads.submit(
                                () -> {
                                    together.await();
                                    return clears(session, run);
                                });
                together.await();
                runs().begin(run, questions, Optional.empty());
            }

            int left = clearing.get() ? 1 : 3;
            assertEquals(left, sessions().history(TENANT, session.id()).size());
            assertEquals(left, find(session).messageCount());
        }
    }

    /// Whether it did; where not, because of the run.
    private boolean clears(Session session, RunRecord run) {
        try {
            return sessions().clear(TENANT, session.id(), LATER).isPresent();
        } catch (Failure refused) {
            assertEquals(FailureCode.RUN_IN_PROGRESS, refused.code());
            assertEquals(Optional.of(run.info().id()), refused.runId());
            return false;
        }
    }

    private Session fork(Session session, Optional<String> last, Optional<String> title) {
        int[] made = {0};
        return sessions()
                .fork(
                        TENANT,
                        session.id(),
                        new SessionFork(
                                "sess_2",
                                last,
                                title,
                                () -> "msg_copy%03d".formatted(made[0]++),
                                LATER))
                .orElseThrow();
    }

    /// The same messages, as [#fork] copies them.
    private static List<StoredMessage> copies(List<StoredMessage> said, String session) {
        List<StoredMessage> copies = new ArrayList<>();
        for (StoredMessage message : said) {
            copies.add(
                    new StoredMessage(
                            "msg_copy%03d".formatted(copies.size()),
                            session,
                            Optional.empty(),
                            message.message(),
                            message.tokenCount(),
                            message.createdAt()));
        }
        return copies;
    }

    private Session find(Session session) {
        return sessions().find(TENANT, session.id()).orElseThrow();
    }

    @Test
    void isActiveWhileARunIsInProgress() {
        Session session = create(1, Optional.empty()).getFirst();
        RunRecord run = Samples.run(session);

        runs().begin(run, List.of(), Optional.empty());

        assertTrue(sessions().find(TENANT, session.id()).orElseThrow().active());
        assertTrue(list(1, Optional.empty(), Optional.empty()).items().getFirst().active());
        assertEquals(1, sessions().totals(TENANT).active());

        runs().finish(Samples.completed(run, Bill.NONE), List.of(), false, Optional.empty());

        assertFalse(sessions().find(TENANT, session.id()).orElseThrow().active());
        assertEquals(0, sessions().totals(TENANT).active());
    }

    @Test
    void sumsAgreeWhereverTheyAreAsked() {
        List<Session> made = create(2, Optional.empty());
        made.forEach(session -> talk(session, 3));
        Session session = made.getFirst();
        RunRecord failed = Samples.run(session);
        runs().begin(failed, List.of(Samples.question(failed, "?")), Optional.empty());
        runs().finish(
                        Samples.failed(failed, new Failure(FailureCode.UPSTREAM_ERROR, "broken")),
                        List.of(),
                        true,
                        Optional.empty());

        Session seen = sessions().find(TENANT, session.id()).orElseThrow();
        SessionTotals one = sessions().totals(TENANT, session.id()).orElseThrow();
        SessionsTotals all = sessions().totals(TENANT);

        Usage usage = Samples.USAGE.plus(Samples.USAGE).plus(Samples.USAGE);
        assertEquals(new SessionTotals(6, 3, 3, 0, 4, 1, 0, usage, 3_000), one);
        assertEquals(one.messages(), seen.messageCount());
        assertEquals(one.usage().totalTokens(), seen.totalTokens());
        assertEquals(one.costNanos(), seen.totalCostNanos());
        assertEquals(one.unpricedRuns(), seen.unpricedRuns());
        assertEquals(new SessionsTotals(2, 0, 12, 2 * usage.totalTokens(), 6_000), all);
    }

    @Test
    void anotherTenantSeesAndChangesNothing() {
        Session session = create(1, Optional.empty()).getFirst();
        talk(session, 1);
        Session before = sessions().find(TENANT, session.id()).orElseThrow();

        assertEquals(Optional.empty(), sessions().find(OTHERS, session.id()));
        assertEquals(List.of(), sessions().list(OTHERS, Optional.empty(), FIRST).items());
        assertEquals(
                Optional.empty(), sessions().update(OTHERS, session.id(), titled("Mine"), LATER));
        assertFalse(sessions().delete(OTHERS, session.id()));
        assertEquals(Optional.empty(), sessions().clear(OTHERS, session.id(), LATER));
        assertEquals(Optional.empty(), sessions().fork(OTHERS, session.id(), all("sess_3")));
        assertEquals(
                Optional.empty(),
                sessions().messages(OTHERS, session.id(), MessageQuery.ALL, FIRST));
        assertEquals(List.of(), sessions().history(OTHERS, session.id()));
        assertEquals(Optional.empty(), sessions().totals(OTHERS, session.id()));
        assertEquals(new SessionsTotals(0, 0, 0, 0, 0), sessions().totals(OTHERS));

        assertEquals(Optional.of(before), sessions().find(TENANT, session.id()));
        assertEquals(2, sessions().history(TENANT, session.id()).size());
    }

    private List<Session> create(int count, Optional<String> projectId) {
        List<Session> made = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Session session = Samples.sessionIn(TENANT, projectId);
            sessions().create(session);
            made.add(session);
        }
        return made;
    }

    /// Asks and answers, each a thousand billionths of a dollar.
    private List<StoredMessage> talk(Session session, int turns) {
        List<StoredMessage> said = new ArrayList<>();
        for (int i = 0; i < turns; i++) {
            RunRecord run = Samples.run(session);
            StoredMessage question = Samples.question(run, "question " + i);
            StoredMessage answer = Samples.answer(run, "answer " + i);
            runs().begin(run, List.of(question), Optional.empty());
            runs().finish(
                            Samples.completed(run, Samples.bill(1_000)),
                            List.of(answer),
                            false,
                            Optional.empty());
            said.addAll(List.of(question, answer));
        }
        return said;
    }

    private Page<Session> list(int size, Optional<String> project, Optional<PageToken> after) {
        return sessions().list(TENANT, project, new PageRequest(size, after));
    }

    private List<StoredMessage> pages(Session session, MessageQuery query) {
        List<StoredMessage> read = new ArrayList<>();
        Optional<PageToken> after = Optional.empty();
        do {
            Page<StoredMessage> page = page(session, query, 2, after);
            read.addAll(page.items());
            after = page.next();
            after.ifPresent(token -> assertEquals(query.list(session.id()), token.list()));
        } while (after.isPresent());
        return read;
    }

    private Page<StoredMessage> page(
            Session session, MessageQuery query, int size, Optional<PageToken> after) {
        return sessions()
                .messages(TENANT, session.id(), query, new PageRequest(size, after))
                .orElseThrow();
    }

    private static SessionFork all(String newId) {
        return new SessionFork(newId, Optional.empty(), Optional.empty(), () -> "msg_1", LATER);
    }

    private static SessionChange titled(String title) {
        return new SessionChange(Optional.of(title), Optional.empty(), Optional.empty());
    }
}
