package dev.tandem.clients;

import com.fasterxml.jackson.databind.node.MissingNode;
import com.google.protobuf.Any;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.rpc.BadRequest;
import com.google.rpc.ErrorInfo;
import dev.tandem.failure.FailureCode;
import dev.tandem.rpc.FailureStatus;
import io.grpc.CallOptions;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/// The contract's methods over gRPC.
final class GrpcWire implements Wire {
    private final ManagedChannel channel;
    private final Map<String, String> headers;

    GrpcWire(ManagedChannel channel, Map<String, String> headers) {
        this.channel = channel;
        this.headers = Map.copyOf(headers);
    }

    @Override
    public Wire as(String key) {
        return with("authorization", "Bearer " + key);
    }

    @Override
    public Wire with(String header, String value) {
        Map<String, String> more = new HashMap<>(headers);
        more.put(header, value);
        return new GrpcWire(channel, more);
    }

    @Override
    public Answer call(Message request) {
        MethodDescriptor method = ContractMethods.taking(request.getDescriptorForType());
        AtomicReference<Metadata> head = new AtomicReference<>(new Metadata());
        AtomicReference<Metadata> tail = new AtomicReference<>(new Metadata());
        try {
            Message answer =
                    ClientCalls.blockingUnaryCall(
                            ClientInterceptors.intercept(
                                    channel,
                                    MetadataUtils.newAttachHeadersInterceptor(metadata()),
                                    MetadataUtils.newCaptureMetadataInterceptor(head, tail)),
                            described(method, request),
                            CallOptions.DEFAULT.withDeadlineAfter(20, TimeUnit.SECONDS),
                            request);
            return new Answer("", "", "", RestJson.of(answer), texts(head.get()));
        } catch (StatusRuntimeException failed) {
            return failure(failed);
        }
    }

    private static io.grpc.MethodDescriptor<Message, DynamicMessage> described(
            MethodDescriptor method, Message request) {
        return io.grpc.MethodDescriptor.<Message, DynamicMessage>newBuilder()
                .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
                .setFullMethodName(method.getService().getFullName() + "/" + method.getName())
                .setRequestMarshaller(ProtoUtils.marshaller(request.getDefaultInstanceForType()))
                .setResponseMarshaller(
                        ProtoUtils.marshaller(
                                DynamicMessage.getDefaultInstance(method.getOutputType())))
                .build();
    }

    /// Every failure must have the details that the contract promises, and they must agree.
    private static Answer failure(StatusRuntimeException failed) {
        com.google.rpc.Status status = StatusProto.fromThrowable(failed);
        if (status == null) {
            throw new AssertionError("a failure without details: " + failed, failed);
        }
        String code = "";
        String param = "";
        String field = "";
        try {
            for (Any detail : status.getDetailsList()) {
                if (detail.is(ErrorInfo.class)) {
                    code = detail.unpack(ErrorInfo.class).getReason();
                    param = detail.unpack(ErrorInfo.class).getMetadataOrDefault("param", "");
                } else if (detail.is(BadRequest.class)) {
                    field = detail.unpack(BadRequest.class).getFieldViolations(0).getField();
                }
            }
        } catch (InvalidProtocolBufferException broken) {
            throw new AssertionError(broken);
        }
        int expected = FailureStatus.of(code(code)).grpc().getNumber();
        if (failed.getStatus().getCode().value() != expected || !param.equals(field)) {
            throw new AssertionError(
                    "the status and its details disagree: " + failed.getStatus() + status);
        }
        Metadata trailers = failed.getTrailers();
        return new Answer(
                code,
                param,
                String.valueOf(failed.getStatus().getDescription()),
                MissingNode.getInstance(),
                texts(trailers == null ? new Metadata() : trailers));
    }

    private static FailureCode code(String word) {
        for (FailureCode code : FailureCode.values()) {
            if (code.word().equals(word)) {
                return code;
            }
        }
        throw new AssertionError("no code of the contract: '" + word + "'");
    }

    private Metadata metadata() {
        Metadata metadata = new Metadata();
        headers.forEach((name, value) -> metadata.put(key(name), value));
        return metadata;
    }

    private static Map<String, String> texts(Metadata metadata) {
        Map<String, String> texts = new HashMap<>();
        for (String name : metadata.keys()) {
            if (!name.endsWith(Metadata.BINARY_HEADER_SUFFIX)) {
                texts.put(name, String.valueOf(metadata.get(key(name))));
            }
        }
        return texts;
    }

    private static Metadata.Key<String> key(String name) {
        return Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
    }
}
