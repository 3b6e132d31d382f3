package dev.tandem.edge.openapi;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.EnumDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.ServiceDescriptorProto;
import com.google.protobuf.DescriptorProtos.SourceCodeInfo.Location;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.GenericDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// The comments of the contract, by what they stand at.
final class Comments {
    private final Map<String, String> byName = new HashMap<>();

    Comments(Collection<FileDescriptor> files) {
        files.forEach(this::read);
    }

    /// A comment in one line for each paragraph; empty where there is none.
    String of(GenericDescriptor element) {
        return byName.getOrDefault(element.getFullName(), "");
    }

    private void read(FileDescriptor file) {
        for (Location location : file.toProto().getSourceCodeInfo().getLocationList()) {
            element(file, location.getPathList())
                    .ifPresent(
                            element ->
                                    byName.put(
                                            element.getFullName(),
                                            paragraphs(location.getLeadingComments())));
        }
    }

    /// A path is a list of field numbers and indexes: `4, 0, 2, 1` is the second field of the first
    /// message. Messages within messages have none of their own here; the contract has no such.
    private static Optional<GenericDescriptor> element(FileDescriptor file, List<Integer> path) {
        if (path.size() != 2 && path.size() != 4) {
            return Optional.empty();
        }
        int index = path.get(1);
        return switch (path.getFirst()) {
            case FileDescriptorProto.MESSAGE_TYPE_FIELD_NUMBER -> {
                Descriptor message = file.getMessageTypes().get(index);
                yield part(message, message.getFields(), DescriptorProto.FIELD_FIELD_NUMBER, path);
            }
            case FileDescriptorProto.ENUM_TYPE_FIELD_NUMBER -> {
                EnumDescriptor words = file.getEnumTypes().get(index);
                yield part(words, words.getValues(), EnumDescriptorProto.VALUE_FIELD_NUMBER, path);
            }
            case FileDescriptorProto.SERVICE_FIELD_NUMBER -> {
                ServiceDescriptor service = file.getServices().get(index);
                yield part(
                        service,
                        service.getMethods(),
                        ServiceDescriptorProto.METHOD_FIELD_NUMBER,
                        path);
            }
            default -> Optional.empty();
        };
    }

    private static Optional<GenericDescriptor> part(
            GenericDescriptor whole,
            List<? extends GenericDescriptor> parts,
            int kind,
            List<Integer> path) {
        if (path.size() == 2) {
            return Optional.of(whole);
        }
        return path.get(2) == kind ? Optional.of(parts.get(path.get(3))) : Optional.empty();
    }

    private static String paragraphs(String comment) {
        return Arrays.stream(comment.strip().split("\n\\s*\n", -1))
                .map(paragraph -> paragraph.replaceAll("\\s+", " ").strip())
                .collect(Collectors.joining("\n\n"));
    }
}
