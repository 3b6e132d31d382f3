package dev.tandem.rpc;

import com.google.api.AnnotationsProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import com.google.protobuf.ExtensionRegistry;
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
    private static final String RESOURCE = "/tandem/descriptors.binpb";

    private final byte[] bytes;
    private final Map<String, FileDescriptor> byName = new LinkedHashMap<>();

    private DescribedFiles(byte[] bytes) throws IOException, DescriptorValidationException {
        this.bytes = bytes;
        ExtensionRegistry extensions = ExtensionRegistry.newInstance();
        AnnotationsProto.registerAllExtensions(extensions);
        BoundsOuterClass.registerAllExtensions(extensions);
        FileDescriptorSet set = FileDescriptorSet.parseFrom(bytes, extensions);
        for (FileDescriptorProto file : set.getFileList()) {
            FileDescriptor[] imports =
                    file.getDependencyList().stream()
                            .map(byName::get)
                            .toArray(FileDescriptor[]::new);
            byName.put(file.getName(), FileDescriptor.buildFrom(file, imports));
        }
    }

    /// Reads the descriptor set of the contract's jar.
    public static DescribedFiles read() {
        try (InputStream resource = DescribedFiles.class.getResourceAsStream(RESOURCE)) {
            if (resource == null) {
                throw new IllegalStateException("the contract's jar lacks " + RESOURCE);
            }
            return new DescribedFiles(resource.readAllBytes());
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        } catch (DescriptorValidationException broken) {
            throw new IllegalStateException("the contract's descriptors are broken", broken);
        }
    }

    /// The descriptor set as it is.
    public byte[] bytes() {
        return bytes.clone();
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
