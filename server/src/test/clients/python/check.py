"""Calls the probe with grpcio. Usage: check.py PORT FOLDER-OF-GENERATED-CODE [AUTHORITY-PEM]"""

import sys
import threading

import grpc
from grpc_status import rpc_status

port, generated = sys.argv[1:3]
sys.path.insert(0, generated)
from probe.v1 import probe_pb2 as pb  # noqa: E402
from probe.v1 import probe_pb2_grpc as pb_grpc  # noqa: E402

if len(sys.argv) > 3:
    authority = open(sys.argv[3], "rb").read()
    channel = grpc.secure_channel(
        f"localhost:{port}", grpc.ssl_channel_credentials(authority)
    )
else:
    channel = grpc.insecure_channel(f"127.0.0.1:{port}")
probe = pb_grpc.ProbeStub(channel)


def failure(call, *arguments, **options):
    try:
        call(*arguments, **options)
    except grpc.RpcError as error:
        return error
    raise AssertionError("no failure")


def unary():
    assert probe.Unary(pb.ProbeRequest(text="hi")).text == "hi"


def server_stream():
    numbers = [m.number for m in probe.ServerStream(pb.ProbeRequest(count=5))]
    assert numbers == [0, 1, 2, 3, 4], numbers


def client_stream():
    answer = probe.ClientStream(pb.ProbeRequest(text=str(n)) for n in range(3))
    assert answer.number == 3, answer


def bidirectional():
    answers = probe.Bidi(pb.ProbeRequest(text=str(n)) for n in range(3))
    assert [m.text for m in answers] == ["0", "1", "2"]


def cancel_and_call_again():
    for _ in range(10):
        call = probe.ServerStream(pb.ProbeRequest(behaviour="emit until cancelled"))
        next(call)
        call.cancel()
        unary()


def deadline():
    error = failure(
        probe.Unary, pb.ProbeRequest(behaviour="wait for cancellation"), timeout=0.2
    )
    assert error.code() == grpc.StatusCode.DEADLINE_EXCEEDED, error


def unknown_method():
    call = channel.unary_unary(
        "/probe.v1.Probe/Nope",
        request_serializer=pb.ProbeRequest.SerializeToString,
        response_deserializer=pb.ProbeResponse.FromString,
    )
    error = failure(call, pb.ProbeRequest())
    assert error.code() == grpc.StatusCode.UNIMPLEMENTED, error


def unicode_status():
    error = failure(probe.Unary, pb.ProbeRequest(behaviour="fail in unicode"))
    assert error.code() == grpc.StatusCode.INTERNAL, error
    assert error.details() == "ünïcödé 100% \n newline 漢字", error.details()


def details():
    error = failure(probe.Unary, pb.ProbeRequest(behaviour="fail with details"))
    status = rpc_status.from_call(error)
    assert status.details[0].type_url.endswith("google.rpc.BadRequest"), status


def compressed():
    answer = probe.Unary(
        pb.ProbeRequest(text="y" * 50_000), compression=grpc.Compression.Gzip
    )
    assert answer.number == 50_000, answer


CHECKS = [
    unary,
    server_stream,
    client_stream,
    bidirectional,
    cancel_and_call_again,
    deadline,
    unknown_method,
    unicode_status,
    details,
    compressed,
]

# a check that hangs must not hang the build
watchdog = threading.Timer(30, lambda: __import__("os")._exit(2))
watchdog.daemon = True
watchdog.start()
for check in CHECKS:
    check()
    print("ok", check.__name__)
