"""gRPC's Python client against a whole server, with stubs generated from the contract's files:

    python check.py HOST:PORT KEY PROTO_FOLDER OUTPUT_FOLDER
"""

import pathlib
import sys
import threading

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent))

import google.api
import grpc
import grpc_tools
from cases import case, refused, run, same, true
from google.rpc import error_details_pb2
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_status import rpc_status
from grpc_tools import protoc

TARGET, KEY, PROTO, OUT = sys.argv[1:]
MODEL = "scripted/any"


def generate():
    """Makes the stubs as a user would, who has only the contract's files and packages."""
    standard = pathlib.Path(grpc_tools.__file__).parent / "_proto"
    common = pathlib.Path(list(google.api.__path__)[0]).parent.parent
    files = sorted(str(f) for f in (pathlib.Path(PROTO) / "tandem").rglob("*.proto"))
    pathlib.Path(OUT).mkdir(parents=True, exist_ok=True)
    arguments = [f"-I{PROTO}", f"-I{common}", f"-I{standard}", f"--python_out={OUT}", f"--grpc_python_out={OUT}"]
    if protoc.main(["protoc", *arguments, *files]) != 0:
        raise SystemExit("protoc failed")
    sys.path.insert(0, OUT)


generate()

from tandem.v1 import chat_pb2, chat_pb2_grpc, model_pb2, model_pb2_grpc  # noqa: E402
from tandem.v1 import message_pb2, run_pb2, session_pb2, session_pb2_grpc  # noqa: E402

CREDENTIAL = [("authorization", f"Bearer {KEY}")]


class Server:
    """The services of a server, for the holder of a key."""

    def __init__(self, channel):
        self.channel = channel
        self.chat = chat_pb2_grpc.ChatServiceStub(channel)
        self.sessions = session_pb2_grpc.SessionServiceStub(channel)
        self.models = model_pb2_grpc.ModelServiceStub(channel)

    def ask(self, text, metadata=(), **more):
        return self.chat.CreateChatCompletion(
            question(text, **more), metadata=[*CREDENTIAL, *metadata], timeout=20
        )

    def stream(self, text, **more):
        return self.chat.StreamChatCompletion(question(text, **more), metadata=CREDENTIAL, timeout=20)


def question(text, **more):
    message = message_pb2.ChatMessage(role="user", content=text)
    return chat_pb2.ChatCompletionRequest(model=MODEL, messages=[message], **more)


def script(*lines):
    return "\n".join(["/script", *lines])


def kinds(events):
    return [event.WhichOneof("event") for event in events]


def details(error):
    """The details of a failure, by the name of their type."""
    status = rpc_status.from_call(error)
    true(status is not None, "the failure has no details")
    same(status.code, error.code().value[0])
    same(status.message, error.details())
    found = {}
    for packed in status.details:
        kind = getattr(error_details_pb2, packed.TypeName().rsplit(".", 1)[1])
        found[kind.__name__] = kind()
        packed.Unpack(found[kind.__name__])
    return found


@case
def answers_whole(server):
    answer = server.ask(script("say hello there", "usage in=7 out=2 cached=5"))

    true(answer.id.startswith("chatcmpl-"), answer.id)
    true(answer.run_id.startswith("run_"), answer.run_id)
    same(answer.model, MODEL)
    same(answer.message.role, "assistant")
    same(answer.message.content, "hello there")
    same(answer.finish_reason, "stop")
    same((answer.usage.input_tokens, answer.usage.cache_read_input_tokens, answer.usage.output_tokens), (7, 5, 2))
    same(answer.usage.HasField("total_cost_nanos"), False)


@case
def streams(server):
    events = list(server.stream(script("think well", "say one two three")))

    same(kinds(events), ["started", "reasoning", "text", "text", "text", "completed"])
    same("".join(e.text.text for e in events), "one two three")
    same(events[-1].completed.finish_reason, "stop")
    same({e.run_id for e in events}, {events[0].run_id})


@case
def streams_while_the_model_speaks(server):
    call = server.stream(script("say first", "hang"))
    seen = [next(call), next(call)]
    call.cancel()

    same(seen[1].text.text, "first")


@case
def calls_tools(server):
    tool = message_pb2.Tool(name="weather", parameters_json='{"type":"object"}')
    lines = script('call weather {"city":"Oslo"}', 'call weather {"city":"Rome"}', "then", "say cold")
    first = server.ask(lines, tools=[tool])

    same(first.finish_reason, "tool_calls")
    same([c.arguments_json for c in first.message.tool_calls], ['{"city":"Oslo"}', '{"city":"Rome"}'])

    results = [
        message_pb2.ChatMessage(role="tool", tool_call_id=c.id, content="12") for c in first.message.tool_calls
    ]
    second = question(lines, tools=[tool])
    second.messages.extend([first.message, *results])
    same(server.chat.CreateChatCompletion(second, metadata=CREDENTIAL).message.content, "cold")


@case
def continues_a_session(server):
    session = server.sessions.CreateSession(session_pb2.CreateSessionRequest(title="t"), metadata=CREDENTIAL)
    server.ask("remember blue", session_id=session.id)
    second = server.ask("which colour", session_id=session.id)

    same(second.usage.input_tokens, 6)
    kept = server.sessions.ListMessages(
        session_pb2.ListMessagesRequest(session_id=session.id), metadata=CREDENTIAL
    )
    same([m.role for m in kept.data], ["user", "assistant", "user", "assistant"])
    server.sessions.DeleteSession(session_pb2.DeleteSessionRequest(session_id=session.id), metadata=CREDENTIAL)
    gone = refused(
        grpc.RpcError,
        lambda: server.sessions.GetSession(
            session_pb2.GetSessionRequest(session_id=session.id), metadata=CREDENTIAL
        ),
    )
    same(gone.code(), grpc.StatusCode.NOT_FOUND)


@case
def lists_models(server):
    listed = server.models.ListModels(model_pb2.ListModelsRequest(), metadata=CREDENTIAL)

    true("claude-opus-5-5" in [m.id for m in listed.data], str(listed))


@case
def tells_what_is_wrong_in_details(server):
    wrong = refused(grpc.RpcError, lambda: server.ask("hi", temperature=3))

    same(wrong.code(), grpc.StatusCode.INVALID_ARGUMENT)
    found = details(wrong)
    same(found["ErrorInfo"].reason, "invalid_request")
    same(found["ErrorInfo"].domain, "tandem")
    same(found["BadRequest"].field_violations[0].field, "temperature")
    true(found["RequestInfo"].request_id, "no request id")


@case
def tells_when_to_come_back(server):
    busy = refused(grpc.RpcError, lambda: server.ask(script("fail rate_limited retry-after 7s")))

    same(busy.code(), grpc.StatusCode.RESOURCE_EXHAUSTED)
    found = details(busy)
    same(found["ErrorInfo"].reason, "rate_limited")
    same(found["RetryInfo"].retry_delay.seconds, 7)


@case
def fails_before_a_stream_with_a_status_and_inside_it_with_an_event(server):
    before = refused(grpc.RpcError, lambda: list(server.stream(script("fail overloaded"))))
    same(before.code(), grpc.StatusCode.UNAVAILABLE)
    same(details(before)["ErrorInfo"].reason, "overloaded")

    inside = list(server.stream(script("say half an", "fail overloaded")))
    same(kinds(inside)[-1], "failed")
    same(inside[-1].failed.error.code, "overloaded")
    same(inside[-1].failed.error.status, 503)


@case
def cancelling_a_stream_cancels_its_run(server):
    call = server.stream(script("say first", "hang"))
    run_id = next(call).run_id
    next(call)
    call.cancel()
    same(call.code(), grpc.StatusCode.CANCELLED)

    # The server learns of it a moment later.
    for _ in range(2000):
        found = server.chat.GetRun(chat_pb2.GetRunRequest(run_id=run_id), metadata=CREDENTIAL)
        if found.state != run_pb2.RUN_STATE_RUNNING:
            break
    same(run_pb2.RunState.Name(found.state), "RUN_STATE_CANCELLED")


@case
def stopping_a_run_ends_its_stream(server):
    call = server.stream(script("say first", "hang"))
    first = next(call)
    stopped = server.chat.CancelRun(chat_pb2.CancelRunRequest(run_id=first.run_id), metadata=CREDENTIAL)
    rest = list(call)

    same(kinds(rest)[-1], "cancelled")
    same(call.code(), grpc.StatusCode.OK)
    true(stopped.state in (run_pb2.RUN_STATE_RUNNING, run_pb2.RUN_STATE_CANCELLED), str(stopped.state))


@case
def keeps_deadlines(server):
    late = refused(
        grpc.RpcError,
        lambda: server.chat.CreateChatCompletion(question(script("hang")), metadata=CREDENTIAL, timeout=0.5),
    )
    same(late.code(), grpc.StatusCode.DEADLINE_EXCEEDED)


@case
def echoes_the_request_id(server):
    _, call = server.chat.CreateChatCompletion.with_call(
        question("hi"), metadata=[*CREDENTIAL, ("x-request-id", "grpcio-7")]
    )
    same(dict(call.initial_metadata())["x-request-id"], "grpcio-7")


@case
def refuses_strangers(server):
    stranger = refused(grpc.RpcError, lambda: server.chat.CreateChatCompletion(question("hi")))
    same(stranger.code(), grpc.StatusCode.UNAUTHENTICATED)
    same(details(stranger)["ErrorInfo"].reason, "unauthorized")

    same(server.chat.CreateChatCompletion(question("hi"), metadata=[("x-api-key", KEY)]).message.content, "hi")


@case
def tells_its_health_without_a_key(server):
    health = health_pb2_grpc.HealthStub(server.channel)
    same(health.Check(health_pb2.HealthCheckRequest()).status, health_pb2.HealthCheckResponse.SERVING)
    chat = health_pb2.HealthCheckRequest(service="tandem.v1.ChatService")
    same(health.Check(chat).status, health_pb2.HealthCheckResponse.SERVING)

    watch = health.Watch(health_pb2.HealthCheckRequest())
    same(next(watch).status, health_pb2.HealthCheckResponse.SERVING)
    watch.cancel()
    unknown = refused(grpc.RpcError, lambda: health.Check(health_pb2.HealthCheckRequest(service="no.Such")))
    same(unknown.code(), grpc.StatusCode.NOT_FOUND)


@case
def carries_many_calls_at_once_on_one_connection(server):
    answers = {}

    def ask(number):
        answers[number] = "".join(e.text.text for e in server.stream(f"number {number} of many"))

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(30)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    same(answers, {number: f"number {number} of many" for number in range(30)})


if __name__ == "__main__":
    with grpc.insecure_channel(TARGET) as channel:
        run(Server(channel))
