package dev.tandem.rpc;

import com.google.api.AnnotationsProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import com.google.protobuf.ExtensionRegistry;
import com.google.rpc.ErrorDetailsProto;
import dev.tandem.v1.BoundsOuterClass;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;

/// The files of the contract with their comments, for reflection and documents. Generated classes
/// have lost the comments; the descriptor set in the contract's jar has them.
public final class DescribedFiles {
    private static final FileDescriptor DETAILS = ErrorDetailsProto.getDescriptor();
    private static final String RESOURCE = "/tandem/descriptors.binpb";

    private final Map<String, FileDescriptor> byName = new LinkedHashMap<>();

    private DescribedFiles(FileDescriptorSet set) throws DescriptorValidationException {
        DETAILS.getDependencies().forEach(file -> byName.put(file.getName(), file));
        byName.put(DETAILS.getName(), DETAILS);
        for (FileDescriptorProto file : set.getFileList()) {
            byName.put(file.getName(), described(file));
        }
    }

    /// Files with services import the details of errors too, so that a client which reads statuses
    /// finds them through reflection.
    private FileDescriptor described(FileDescriptorProto file)
            throws DescriptorValidationException {
        FileDescriptorProto.Builder whole = file.toBuilder();
        if (file.getServiceCount() > 0) {
            whole.addDependency(DETAILS.getName());
        }
        FileDescriptor[] imports =
                whole.getDependencyList().stream().map(byName::get).toArray(FileDescriptor[]::new);
        return FileDescriptor.buildFrom(whole.build(), imports);
    }

    /// Reads the descriptor set of the contract's jar.
    public static DescribedFiles read() {
        try (InputStream resource = DescribedFiles.class.getResourceAsStream(RESOURCE)) {
            if (resource == null) {
                throw new IllegalStateException("the contract's jar lacks " + RESOURCE);
            }
            ExtensionRegistry extensions = ExtensionRegistry.newInstance();
            AnnotationsProto.registerAllExtensions(extensions);
            BoundsOuterClass.registerAllExtensions(extensions);
            return new DescribedFiles(FileDescriptorSet.parseFrom(resource, extensions));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        } catch (DescriptorValidationException broken) {
            throw new IllegalStateException("the contract's descriptors are broken", broken);
        }
    }

    /// The files as a descriptor set.
    public byte[] bytes() {
        FileDescriptorSet.Builder set = FileDescriptorSet.newBuilder();
        byName.values().forEach(file -> set.addFile(file.toProto()));
        return set.build().toByteArray();
    }

    /// The files, imports before what imports them.
    public Collection<FileDescriptor> files() {
        return byName.values();
    }

    /// The file that describes a service.
    ///
    /// @param service its full name
    public FileDescriptor file(String service) {
        return byName.values().stream()
                .filter(file -> describes(file, service))
                .findFirst()
                .orElseThrow(
                        () ->
                                new IllegalStateException(
                                        "the contract does not describe " + service));
    }

    private static boolean describes(FileDescriptor file, String service) {
        return file.getServices().stream()
                .map(ServiceDescriptor::getFullName)
                .anyMatch(service::equals);
    }
}
