"""The column of grpcio. Usage: column.py PORT FOLDER-OF-GENERATED-CODE"""

import os
import sys
import threading
import time

import grpc
from grpc_status import rpc_status

port, generated = sys.argv[1:3]
sys.path.insert(0, generated)
from probe.v1 import probe_pb2 as pb  # noqa: E402
from probe.v1 import probe_pb2_grpc as pb_grpc  # noqa: E402


def connect(**options):
    settings = {
        "grpc.max_receive_message_length": -1,
        "grpc.use_local_subchannel_pool": 1,
        **{f"grpc.{name}": value for name, value in options.items()},
    }
    return grpc.insecure_channel(f"127.0.0.1:{port}", options=list(settings.items()))


channel = connect()
probe = pb_grpc.ProbeStub(channel)


def failure(call, *arguments, **options):
    try:
        call(*arguments, **options)
    except grpc.RpcError as error:
        return error
    raise AssertionError("no failure")


def equal(seen, wanted):
    assert seen == wanted, f"{str(seen)[:80]} instead of {str(wanted)[:80]}"


def behave(behaviour, **fields):
    return pb.ProbeRequest(behaviour=behaviour, **fields)


def unary():
    equal(probe.Unary(pb.ProbeRequest(text="hi")).text, "hi")


def server_stream():
    numbers = [m.number for m in probe.ServerStream(pb.ProbeRequest(count=5))]
    equal(numbers, [0, 1, 2, 3, 4])


def bidirectional():
    answers = probe.Bidi(pb.ProbeRequest(text=str(n)) for n in range(3))
    equal([m.text for m in answers], ["0", "1", "2"])


def thrown():
    error = failure(probe.Unary, behave("throw exception"))
    equal(error.code(), grpc.StatusCode.UNKNOWN)


def each_code():
    for number in range(1, 17):
        error = failure(probe.Unary, behave("fail as", count=number))
        equal(error.code().value[0], number)


def unicode_status():
    error = failure(probe.Unary, behave("fail in unicode"))
    equal(error.details(), "ünïcödé 100% \n newline 漢字")


def details():
    error = failure(probe.Unary, behave("fail with details"))
    status = rpc_status.from_call(error)
    assert status.details[0].type_url.endswith("google.rpc.BadRequest"), status


def deadline():
    error = failure(probe.Unary, behave("wait for cancellation"), timeout=0.2)
    equal(error.code(), grpc.StatusCode.DEADLINE_EXCEEDED)


def cancel(behaviour):
    call = probe.ServerStream(behave(behaviour))
    next(call)
    call.cancel()


def cancel_silent():
    cancel("hold")
    unary()


def cancel_emitting():
    cancel("emit until cancelled")
    unary()


def many_cancels():
    live = probe.ServerStream(pb.ProbeRequest(count=60, pause_ms=10))
    next(live)
    for _ in range(120):
        cancel("emit until cancelled")
    equal(len(list(live)), 59)


def quiet():
    with connect(keepalive_time_ms=200, **{"http2.max_pings_without_data": 0}) as other:
        stub = pb_grpc.ProbeStub(other)
        call = stub.ServerStream(behave("hold"))
        next(call)
        time.sleep(2)
        assert call.is_active()
        equal(stub.Unary(pb.ProbeRequest(text="hi")).text, "hi")
        call.cancel()


def large():
    for size in (1_900_000, 2_100_000, 4_100_000, 15_000_000):
        answer = probe.Unary(pb.ProbeRequest(text="y" * size, size=size))
        equal(len(answer.payload), size)


def too_large():
    error = failure(probe.Unary, pb.ProbeRequest(text="y" * 17_000_000))
    equal(error.code(), grpc.StatusCode.RESOURCE_EXHAUSTED)


def compressed():
    request = pb.ProbeRequest(text="y" * 50_000)
    answer = probe.Unary(request, compression=grpc.Compression.Gzip)
    equal(answer.number, 50_000)


def unknown(path):
    call = channel.unary_unary(
        path,
        request_serializer=pb.ProbeRequest.SerializeToString,
        response_deserializer=pb.ProbeResponse.FromString,
    )
    equal(failure(call, pb.ProbeRequest()).code(), grpc.StatusCode.UNIMPLEMENTED)


def open_streams():
    with connect() as other:
        stub = pb_grpc.ProbeStub(other)
        calls = [stub.ServerStream(behave("hold")) for _ in range(5_000)]
        for call in calls:
            next(call)


def stops_and_goes_on():
    request = behave("emit when ready", count=2_000, size=1_000)
    count = 0
    for _ in probe.ServerStream(request):
        count += 1
        if count == 10:
            time.sleep(1)
    equal(count, 2_000)


def drain():
    call = probe.ServerStream(pb.ProbeRequest(count=30, pause_ms=30))
    next(call)
    print("drain", flush=True)
    equal(len(list(call)), 29)


CHECKS = {
    "unary": unary,
    "server streaming": server_stream,
    "bidirectional streaming": bidirectional,
    "thrown handler": thrown,
    "each status code": each_code,
    "UTF-8 status text": unicode_status,
    "error details": details,
    "deadline": deadline,
    "cancel of a silent stream": cancel_silent,
    "cancel of an emitting stream": cancel_emitting,
    "120 cancels beside a live stream": many_cancels,
    "pings on a quiet stream": quiet,
    "messages of 1.9, 2.1, 4.1 and 15 MB": large,
    "a message above the limit": too_large,
    "compressed requests": compressed,
    "unknown service": lambda: unknown("/nope.Nope/Nope"),
    "unknown method": lambda: unknown("/probe.v1.Probe/Nope"),
    "5,000 open streams": open_streams,
    "a reader that stops and goes on": stops_and_goes_on,
    "drain with a stream in flight": drain,
}

# a check that hangs must not hang the build
watchdog = threading.Timer(60, lambda: os._exit(2))
watchdog.daemon = True
watchdog.start()
for name, check in CHECKS.items():
    try:
        check()
        print(f"{name}\tpasses", flush=True)
    except Exception as error:  # noqa: BLE001
        print(f"{name}\tfails: {str(error).splitlines()[0][:120]}", flush=True)
os._exit(0)
