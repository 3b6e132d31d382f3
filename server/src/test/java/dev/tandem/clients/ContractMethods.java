package dev.tandem.clients;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import dev.tandem.v1.ApprovalOuterClass;
import dev.tandem.v1.Audit;
import dev.tandem.v1.Chat;
import dev.tandem.v1.Mcp;
import dev.tandem.v1.ModelOuterClass;
import dev.tandem.v1.ProjectOuterClass;
import dev.tandem.v1.SessionOuterClass;
import dev.tandem.v1.UsageOuterClass;
import java.util.List;

/// The methods of the contract, found by what they take.
final class ContractMethods {
    private static final List<FileDescriptor> FILES =
            List.of(
                    ApprovalOuterClass.getDescriptor(),
                    Audit.getDescriptor(),
                    Chat.getDescriptor(),
                    Mcp.getDescriptor(),
                    ModelOuterClass.getDescriptor(),
                    ProjectOuterClass.getDescriptor(),
                    SessionOuterClass.getDescriptor(),
                    UsageOuterClass.getDescriptor());

    private ContractMethods() {}

    static List<MethodDescriptor> all() {
        return FILES.stream()
                .flatMap(file -> file.getServices().stream())
                .flatMap(service -> service.getMethods().stream())
                .toList();
    }

    /// The first method that takes a request.
    static MethodDescriptor taking(Descriptor request) {
        return all().stream()
                .filter(method -> method.getInputType().equals(request))
                .findFirst()
                .orElseThrow();
    }
}
