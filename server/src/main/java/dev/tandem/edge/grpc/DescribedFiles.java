package dev.tandem.edge.grpc;

import com.google.api.AnnotationsProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import com.google.protobuf.ExtensionRegistry;
import com.google.rpc.ErrorDetailsProto;
import io.grpc.protobuf.ProtoFileDescriptorSupplier;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;

/// The files of the contract with their comments, for reflection. Generated classes have lost the
/// comments; the descriptor set in the contract's jar has them.
final class DescribedFiles {
    private static final FileDescriptor DETAILS = ErrorDetailsProto.getDescriptor();
    private static final String RESOURCE = "/tandem/descriptors.binpb";

    private final Map<String, FileDescriptor> byService = new LinkedHashMap<>();

    private DescribedFiles(FileDescriptorSet set) throws DescriptorValidationException {
        Map<String, FileDescriptor> byName = new LinkedHashMap<>();
        byName.put(DETAILS.getName(), DETAILS);
        for (FileDescriptorProto file : set.getFileList()) {
            FileDescriptor described = described(file, byName);
            byName.put(file.getName(), described);
            for (ServiceDescriptor service : described.getServices()) {
                byService.put(service.getFullName(), described);
            }
        }
    }

    /// Files with services import the details of errors too, so that a client which reads statuses
    /// finds them through reflection.
    private static FileDescriptor described(
            FileDescriptorProto file, Map<String, FileDescriptor> byName)
            throws DescriptorValidationException {
        FileDescriptorProto.Builder whole = file.toBuilder();
        if (file.getServiceCount() > 0) {
            whole.addDependency(DETAILS.getName());
        }
        FileDescriptor[] imports =
                whole.getDependencyList().stream().map(byName::get).toArray(FileDescriptor[]::new);
        return FileDescriptor.buildFrom(whole.build(), imports);
    }

    static DescribedFiles read() {
        try (InputStream resource = DescribedFiles.class.getResourceAsStream(RESOURCE)) {
            if (resource == null) {
                throw new IllegalStateException("the contract's jar lacks " + RESOURCE);
            }
            ExtensionRegistry extensions = ExtensionRegistry.newInstance();
            AnnotationsProto.registerAllExtensions(extensions);
            return new DescribedFiles(FileDescriptorSet.parseFrom(resource, extensions));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        } catch (DescriptorValidationException broken) {
            throw new IllegalStateException("the contract's descriptors are broken", broken);
        }
    }

    ProtoFileDescriptorSupplier supplier(String service) {
        FileDescriptor file = byService.get(service);
        if (file == null) {
            throw new IllegalStateException("the contract does not describe " + service);
        }
        return () -> file;
    }
}
