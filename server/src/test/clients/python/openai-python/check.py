"""OpenAI's Python client against a whole server: python check.py BASE_URL KEY."""

import base64
import json
import pathlib
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent))

import openai
import pydantic
from cases import case, refused, run, same, true

MODEL = "scripted/any"
PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
WEATHER = {
    "type": "function",
    "function": {
        "name": "weather",
        "description": "The weather of a city.",
        "strict": True,
        "parameters": {
            "type": "object",
            "properties": {"city": {"type": "string"}},
            "required": ["city"],
            "additionalProperties": False,
        },
    },
}


def script(*lines):
    """A question whose answer is these lines of a script."""
    return [{"role": "user", "content": "\n".join(["/script", *lines])}]


def ask(client, *lines, **more):
    return client.chat.completions.create(model=MODEL, messages=script(*lines), **more)


def stream(client, *lines, **more):
    return list(ask(client, *lines, stream=True, **more))


def text(chunks):
    return "".join(c.choices[0].delta.content or "" for c in chunks if c.choices)


def ends(chunks):
    """The finish reasons of a stream."""
    return [c.choices[0].finish_reason for c in chunks if c.choices and c.choices[0].finish_reason]


@case
def answers_whole(client):
    answer = ask(client, "say hello there", "usage in=7 out=2 cached=5 written=3 reasoning=1")

    true(answer.id.startswith("chatcmpl-"), answer.id)
    same(answer.object, "chat.completion")
    same(answer.model, MODEL)
    true(abs(answer.created - time.time()) < 600, f"created is {answer.created}")
    same(len(answer.choices), 1)
    same(answer.choices[0].index, 0)
    same(answer.choices[0].message.role, "assistant")
    same(answer.choices[0].message.content, "hello there")
    same(answer.choices[0].message.tool_calls, None)
    same(answer.choices[0].finish_reason, "stop")
    same(answer.usage.prompt_tokens, 15)
    same(answer.usage.completion_tokens, 2)
    same(answer.usage.total_tokens, 17)
    same(answer.usage.prompt_tokens_details.cached_tokens, 5)
    same(answer.usage.completion_tokens_details.reasoning_tokens, 1)


@case
def streams_with_usage_last(client):
    chunks = stream(client, "say one two three", stream_options={"include_usage": True})

    same(text(chunks), "one two three")
    same(ends(chunks), ["stop"])
    same({c.id for c in chunks}, {chunks[0].id})
    same({c.model for c in chunks}, {MODEL})
    same({c.object for c in chunks}, {"chat.completion.chunk"})
    same(chunks[0].choices[0].delta.role, "assistant")
    true(all(c.usage is None for c in chunks[:-1]), "only the last chunk has usage")
    same(chunks[-1].choices, [])
    same(chunks[-1].usage.completion_tokens, 3)


@case
def streams_without_usage_unless_asked(client):
    chunks = stream(client, "say one")

    true(all(c.usage is None for c in chunks), "a chunk has usage")
    true(all(c.choices for c in chunks), "a chunk has no choices")


@case
def streams_while_the_model_speaks(client):
    with ask(client, "say first", "hang", stream=True) as chunks:
        spoken = next(c.choices[0].delta.content for c in chunks if c.choices[0].delta.content)

    same(spoken, "first")


@case
def calls_tools_in_parallel_and_takes_their_results(client):
    lines = ["call weather {\"city\":\"Oslo\"}", "call weather {\"city\":\"Rome\"}", "then", "say cold, warm"]
    first = ask(client, *lines, tools=[WEATHER])
    calls = first.choices[0].message.tool_calls

    same(first.choices[0].finish_reason, "tool_calls")
    same(first.choices[0].message.content, None)
    same([c.type for c in calls], ["function", "function"])
    same([json.loads(c.function.arguments) for c in calls], [{"city": "Oslo"}, {"city": "Rome"}])
    true(calls[0].id != calls[1].id, "calls share an id")

    results = [{"role": "tool", "tool_call_id": c.id, "content": "12"} for c in calls]
    second = client.chat.completions.create(
        model=MODEL, tools=[WEATHER], messages=[*script(*lines), first.choices[0].message, *results]
    )
    same(second.choices[0].message.content, "cold, warm")
    same(second.choices[0].finish_reason, "stop")


@case
def streams_tool_calls_that_the_client_puts_together(client):
    messages = script("say let me look", "call weather {\"city\":\"Oslo\"}", "call weather {\"city\":\"Rome\"}")
    with client.chat.completions.stream(model=MODEL, messages=messages, tools=[WEATHER]) as events:
        answer = events.get_final_completion()

    message = answer.choices[0].message
    same(answer.choices[0].finish_reason, "tool_calls")
    same(message.content, "let me look")
    same([c.function.name for c in message.tool_calls], ["weather", "weather"])
    same([json.loads(c.function.arguments) for c in message.tool_calls], [{"city": "Oslo"}, {"city": "Rome"}])


@case
def honours_the_choice_of_tools(client):
    lines = ["call weather {\"city\":\"Oslo\"}", "call weather {\"city\":\"Rome\"}", "say no tool"]

    none = ask(client, *lines, tools=[WEATHER], tool_choice="none")
    same(none.choices[0].message.content, "no tool")
    one = ask(client, *lines, tools=[WEATHER], parallel_tool_calls=False)
    same(len(one.choices[0].message.tool_calls), 1)
    named = {"type": "function", "function": {"name": "weather"}}
    forced = client.chat.completions.create(
        model=MODEL, messages=[{"role": "user", "content": "hi"}], tools=[WEATHER], tool_choice=named
    )
    same(forced.choices[0].message.tool_calls[0].function.name, "weather")


@case
def names_an_unknown_model(client):
    refusal = refused(
        openai.NotFoundError,
        lambda: client.chat.completions.create(model="nobody/has-it", messages=[{"role": "user", "content": "hi"}]),
    )

    same(refusal.status_code, 404)
    same(refusal.code, "not_found")
    same(refusal.param, "model")
    same(refusal.type, "invalid_request_error")
    true("nobody/has-it" in refusal.message, refusal.message)
    same(refusal.body["status"], 404)
    same(refusal.request_id, refusal.body["request_id"])


@case
def names_the_parameter_that_is_wrong(client):
    wrong = {
        "temperature": {"temperature": 3},
        "max_tokens": {"max_tokens": 0},
        "max_completion_tokens": {"max_completion_tokens": 0},
        "n": {"n": 2},
        "top_logprobs": {"logprobs": True, "top_logprobs": 50},
        "tool_choice": {"tool_choice": "perhaps"},
        "reasoning_effort": {"reasoning_effort": "heroic"},
        "stop": {"stop": ["a"] * 17},
    }
    named = {}
    for param, more in wrong.items():
        named[param] = refused(openai.BadRequestError, lambda: ask(client, "say no", **more)).param
    same(named, {param: param for param in wrong})


@case
def names_the_message_that_is_wrong(client):
    refusal = refused(
        openai.BadRequestError,
        lambda: client.chat.completions.create(
            model=MODEL, messages=[{"role": "user", "content": "hi"}, {"role": "pirate", "content": "ahoy"}]
        ),
    )
    same(refusal.param, "messages[1].role")


@case
def fails_before_the_stream_with_a_status(client):
    for more in [{}, {"stream": True}]:
        refusal = refused(openai.APIStatusError, lambda: ask(client, "fail overloaded before-headers", **more))
        same(refusal.status_code, 503)
        same(refusal.code, "overloaded")


@case
def tells_when_to_come_back(client):
    refusal = refused(openai.RateLimitError, lambda: ask(client, "fail rate_limited retry-after 7s"))

    same(refusal.response.headers["retry-after"], "7")
    same(refusal.code, "rate_limited")


@case
def fails_inside_a_stream_as_an_error(client):
    seen = []

    def read():
        for chunk in ask(client, "say half an", "fail overloaded", stream=True):
            seen.append(chunk)

    refusal = refused(openai.APIError, read)
    same(refusal.code, "overloaded")
    same(text(seen), "half an")
    same(ends(seen), [])


@case
def lists_models_and_gets_one(client):
    ids = [model.id for model in client.models.list()]

    true("claude-opus-5-5" in ids, f"models are {ids}")
    same(client.models.retrieve("claude-opus-5-5").owned_by, "anthropic")
    same(client.models.retrieve("anthropic/claude-opus-5-5").object, "model")
    same(client.models.retrieve("scripted/any").id, "scripted/any")
    refusal = refused(openai.NotFoundError, lambda: client.models.retrieve("nobody/has:it"))
    same(refusal.code, "not_found")


@case
def continues_a_session_whose_history_the_server_has(client):
    session = client.post("/sessions", cast_to=object, body={"title": "from python"})
    extra = {"session_id": session["id"]}

    first = client.chat.completions.create(
        model=MODEL, messages=[{"role": "user", "content": "remember blue"}], extra_body=extra
    )
    second = client.chat.completions.create(
        model=MODEL, messages=[{"role": "user", "content": "which colour"}], extra_body=extra
    )

    same(first.usage.prompt_tokens, 2)
    same(second.usage.prompt_tokens, 6)
    same(second.session_id, session["id"])
    kept = client.get(f"/sessions/{session['id']}/messages", cast_to=object)
    same([m["content"] for m in kept["data"]], ["remember blue"] * 2 + ["which colour"] * 2)


@case
def survives_frames_that_openai_does_not_have(client):
    session = client.post("/sessions", cast_to=object, body={})
    chunks = stream(
        client,
        "say looking",
        'provider-tool web_search {"q":"x"} => found',
        "say done",
        extra_body={"session_id": session["id"]},
        stream_options={"include_usage": True},
    )

    same(text(chunks), "looking done")
    same(ends(chunks), ["stop"])
    types = [c.type for c in chunks if getattr(c, "type", None)]
    same(types, ["tool_use", "tool_result", "usage"])


@case
def shows_reasoning(client):
    whole = ask(client, "think let me see", "say yes").choices[0].message
    same(whole.reasoning_content, "let me see")
    same(whole.content, "yes")

    chunks = stream(client, "think let me see", "say yes")
    thought = "".join(getattr(c.choices[0].delta, "reasoning_content", None) or "" for c in chunks)
    same(thought, "let me see")
    same(text(chunks), "yes")


@case
def tells_why_it_finished(client):
    same(ask(client, "words 9", max_completion_tokens=4).choices[0].finish_reason, "length")
    same(ends(stream(client, "words 9", max_tokens=4)), ["length"])
    same(ask(client, "say one two three", stop=["two"]).choices[0].message.content.strip(), "one")
    filtered = ask(client, "say no", "finish content_filter").choices[0]
    same(filtered.finish_reason, "content_filter")
    refusal = ask(client, "refuse I will not").choices[0]
    same(refusal.finish_reason, "content_filter")
    same(refusal.message.refusal, "I will not")


@case
def takes_pictures_and_documents(client):
    url = "data:image/png;base64," + PNG
    parts = [
        {"type": "text", "text": "what is this"},
        {"type": "image_url", "image_url": {"url": url, "detail": "low"}},
        {"type": "image_url", "image_url": {"url": "https://example.com/a.png"}},
        {"type": "file", "file": {"filename": "a.pdf", "file_data": "data:application/pdf;base64," + base64.b64encode(b"%PDF-1.4").decode()}},
    ]
    answer = client.chat.completions.create(model=MODEL, messages=[{"role": "user", "content": parts}])
    same(answer.choices[0].message.content, "what is this")

    wrong = [{"type": "image_url", "image_url": {"url": "file:///etc/passwd"}}]
    refusal = refused(
        openai.BadRequestError,
        lambda: client.chat.completions.create(model=MODEL, messages=[{"role": "user", "content": wrong}]),
    )
    true(refusal.param.startswith("messages[0].content[0]"), refusal.param)


@case
def parses_answers_in_a_form(client):
    class Place(pydantic.BaseModel):
        city: str

    answer = client.chat.completions.parse(
        model=MODEL, messages=script('say {"city":"Oslo"}'), response_format=Place
    )
    same(answer.choices[0].message.parsed, Place(city="Oslo"))
    loose = ask(client, 'say {"a":1}', response_format={"type": "json_object"})
    same(json.loads(loose.choices[0].message.content), {"a": 1})
    refusal = refused(openai.BadRequestError, lambda: ask(client, "say no", response_format={"type": "yaml"}))
    same(refusal.param, "response_format.type")


@case
def reports_parameters_that_are_ignored(client):
    raw = client.chat.completions.with_raw_response.create(
        model=MODEL, messages=script("say yes"), temperature=0.5, seed=7, user="me", extra_body={"novelty": 1}
    )
    named = [name.strip() for name in raw.headers["x-tandem-ignored-params"].split(",")]

    same(sorted(named), ["novelty", "seed", "temperature", "user"])
    same(raw.parse().choices[0].message.content, "yes")


@case
def takes_every_role(client):
    messages = [
        {"role": "developer", "content": "be brief"},
        {"role": "system", "content": "be kind"},
        {"role": "user", "name": "ada", "content": [{"type": "text", "text": "hi"}]},
        {"role": "assistant", "content": "hello"},
        {"role": "user", "content": "and now"},
    ]
    same(client.chat.completions.create(model=MODEL, messages=messages).choices[0].message.content, "and now")


@case
def leaving_a_stream_cancels_its_run(client):
    raw = client.chat.completions.with_raw_response.create(
        model=MODEL, messages=script("say first", "hang"), stream=True
    )
    run_id = raw.headers["x-run-id"]
    chunks = raw.parse()
    next(iter(chunks))
    chunks.close()

    limit = time.monotonic() + 10
    state = "running"
    while state == "running" and time.monotonic() < limit:
        state = client.get(f"/runs/{run_id}", cast_to=object)["state"]
    same(state, "cancelled")


@case
def echoes_the_request_id(client):
    raw = client.chat.completions.with_raw_response.create(
        model=MODEL, messages=script("say yes"), extra_headers={"x-request-id": "python-7"}
    )
    same(raw.headers["x-request-id"], "python-7")
    same(raw.parse()._request_id, "python-7")


@case
def refuses_a_wrong_key(client):
    stranger = client.with_options(api_key="sk-nobody-knows-this-one")

    refusal = refused(openai.AuthenticationError, lambda: ask(stranger, "say no"))
    same(refusal.code, "unauthorized")
    refused(openai.AuthenticationError, lambda: list(ask(stranger, "say no", stream=True)))
    refused(openai.AuthenticationError, lambda: stranger.models.list())


if __name__ == "__main__":
    run(openai.OpenAI(base_url=sys.argv[1] + "/v1", api_key=sys.argv[2], max_retries=0, timeout=20))
