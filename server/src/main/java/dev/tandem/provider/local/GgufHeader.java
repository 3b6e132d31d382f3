package dev.tandem.provider.local;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/// What the head of a GGUF file says about its model, read without loading it.
///
/// @param chatTemplate the Jinja template for conversations; empty where there is none
/// @param contextTokens the context that the model was made for; 0 where not said
record GgufHeader(String chatTemplate, long contextTokens) {
    private static final int MAGIC = 0x46554747; // "GGUF", little-endian
    private static final int TEXT = 8;
    private static final int ARRAY = 9;
    private static final int TEXT_BYTES_MAX = 16_000_000;
    private static final int ENTRIES_MAX = 100_000;
    // Bytes of each type of number by its number in the format; 0: not a number.
    private static final int[] BYTES = {1, 1, 2, 2, 4, 4, 4, 1, 0, 0, 8, 8, 8};

    /// Reads the head of a file.
    ///
    /// @throws IOException also where the file is not in this format
    static GgufHeader read(Path file) throws IOException {
        try (InputStream bytes = Files.newInputStream(file);
                DataInputStream in = new DataInputStream(new BufferedInputStream(bytes, 1 << 16))) {
            return read(in);
        }
    }

    private static GgufHeader read(DataInputStream in) throws IOException {
        if (int32(in) != MAGIC) {
            throw new IOException("not a GGUF file");
        }
        int version = int32(in);
        if (version < 2 || version > 3) {
            throw new IOException("GGUF version " + version + " is not known");
        }
        int64(in); // tensors
        int entries = bounded(int64(in), ENTRIES_MAX);
        String template = "";
        long context = 0;
        for (int entry = 0; entry < entries; entry++) {
            String key = text(in);
            int type = int32(in);
            if (key.equals("tokenizer.chat_template") && type == TEXT) {
                template = text(in);
            } else if (key.endsWith(".context_length") && bytes(type) == 4) {
                context = Integer.toUnsignedLong(int32(in));
            } else {
                skip(in, type);
            }
        }
        return new GgufHeader(template, context);
    }

    private static void skip(DataInputStream in, int type) throws IOException {
        if (type == TEXT) {
            in.skipNBytes(bounded(int64(in), TEXT_BYTES_MAX));
        } else if (type == ARRAY) {
            skipArray(in);
        } else {
            in.skipNBytes(bytes(type));
        }
    }

    private static void skipArray(DataInputStream in) throws IOException {
        int type = int32(in);
        long count = int64(in);
        if (type == ARRAY || count < 0 || count > Integer.MAX_VALUE) {
            throw new IOException("an array that cannot be read");
        }
        if (type == TEXT) {
            for (long index = 0; index < count; index++) {
                skip(in, TEXT);
            }
        } else {
            in.skipNBytes(count * bytes(type));
        }
    }

    private static int bytes(int type) throws IOException {
        if (type < 0 || type >= BYTES.length || BYTES[type] == 0) {
            throw new IOException("the type " + type + " is not known");
        }
        return BYTES[type];
    }

    private static String text(DataInputStream in) throws IOException {
        return new String(
                in.readNBytes(bounded(int64(in), TEXT_BYTES_MAX)), StandardCharsets.UTF_8);
    }

    private static int bounded(long size, int max) throws IOException {
        if (size < 0 || size > max) {
            throw new IOException("a size that cannot be, " + size);
        }
        return (int) size;
    }

    private static int int32(DataInputStream in) throws IOException {
        return Integer.reverseBytes(in.readInt());
    }

    private static long int64(DataInputStream in) throws IOException {
        return Long.reverseBytes(in.readLong());
    }
}
