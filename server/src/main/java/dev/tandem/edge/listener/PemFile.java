package dev.tandem.edge.listener;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A file of PEM blocks; whatever stands between them is comment.
final class PemFile {

    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----(.*?)-----END \\1-----", Pattern.DOTALL);

    private final String name;
    private final String text;

    private PemFile(String name, String text) {
        this.name = name;
        this.text = text;
    }

    /// @param setting the setting that names the file, for complaints
    /// @throws IllegalArgumentException if it cannot be read
    static PemFile read(String setting, Path file) {
        String name = setting + " " + file;
        try {
            return new PemFile(name, Files.readString(file, StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            throw new IllegalArgumentException(name + " cannot be read: " + e, e);
        }
    }

    /// What every block with a label holds.
    ///
    /// @throws IllegalArgumentException if one is no base64
    List<byte[]> blocks(String label) {
        List<byte[]> blocks = new ArrayList<>();
        Matcher block = BLOCK.matcher(text);
        while (block.find()) {
            if (block.group(1).equals(label)) {
                blocks.add(decode(block.group(2)));
            }
        }
        return blocks;
    }

    Set<String> labels() {
        Set<String> labels = new LinkedHashSet<>();
        BLOCK.matcher(text).results().forEach(block -> labels.add(block.group(1)));
        return labels;
    }

    IllegalArgumentException wrong(String complaint) {
        return new IllegalArgumentException(name + " " + complaint);
    }

    private byte[] decode(String body) {
        try {
            return Base64.getMimeDecoder().decode(body);
        } catch (IllegalArgumentException e) {
            throw wrong("is damaged: " + e.getMessage());
        }
    }
}
