package dev.tandem.edge.openai;

import dev.tandem.edge.json.JsonIn;
import dev.tandem.edge.json.JsonKind;
import dev.tandem.v1.AudioPart;
import dev.tandem.v1.ContentPart;
import dev.tandem.v1.FilePart;
import dev.tandem.v1.ImagePart;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Reads the parts of a message's content.
final class ContentPartReader {
    /// Which key holds the part, by its type.
    private static final Map<String, String> KEYS =
            Map.of(
                    "text", "text",
                    "refusal", "refusal",
                    "image_url", "image_url",
                    "input_audio", "input_audio",
                    "file", "file");

    private final JsonIn in;
    private final IgnoredParameters ignored;

    ContentPartReader(JsonIn in, IgnoredParameters ignored) {
        this.in = in;
        this.ignored = ignored;
    }

    List<ContentPart> readAll() {
        List<ContentPart> parts = new ArrayList<>();
        in.enterArray();
        while (in.nextElement()) {
            parts.add(read());
        }
        return parts;
    }

    /// The type may stand behind what it is the type of.
    private ContentPart read() {
        Map<String, ContentPart> byKey = new LinkedHashMap<>();
        String type = "";
        in.enterObject();
        while (in.nextKey()) {
            if (in.key().equals("type")) {
                type = in.string();
            } else if (KEYS.containsKey(in.key()) && !in.isNull()) {
                byKey.put(in.key(), content(in.key()));
            } else {
                ChatMessageReader.ignore(in, ignored);
            }
        }
        return chosen(type, byKey);
    }

    private ContentPart chosen(String type, Map<String, ContentPart> byKey) {
        String key = KEYS.get(type);
        if (key == null) {
            throw in.failureAt(
                    "type",
                    "must be one of text, image_url, input_audio, file, refusal"
                            + (type.isEmpty() ? "" : ", was " + type));
        }
        ContentPart part = byKey.get(key);
        if (part == null) {
            throw in.failureAt(key, "is missing");
        }
        return part;
    }

    private ContentPart content(String key) {
        ContentPart.Builder part = ContentPart.newBuilder();
        return switch (key) {
            case "image_url" -> part.setImage(image()).build();
            case "input_audio" -> part.setAudio(audio()).build();
            case "file" -> part.setFile(file()).build();
            default -> part.setText(in.string()).build();
        };
    }

    private ImagePart image() {
        ImagePart.Builder image = ImagePart.newBuilder();
        if (in.kind() == JsonKind.STRING) {
            return image.setUrl(in.string()).build();
        }
        if (in.kind() != JsonKind.OBJECT) {
            throw in.wrong("an object with url");
        }
        in.enterObject();
        while (in.nextKey()) {
            switch (in.isNull() ? "" : in.key()) {
                case "url" -> image.setUrl(in.string());
                case "detail" -> image.setDetail(in.string());
                default -> ChatMessageReader.ignore(in, ignored);
            }
        }
        if (image.getUrl().isEmpty()) {
            throw in.failureAt("url", "is missing");
        }
        return image.build();
    }

    private AudioPart audio() {
        AudioPart.Builder audio = AudioPart.newBuilder();
        in.enterObject();
        while (in.nextKey()) {
            switch (in.isNull() ? "" : in.key()) {
                case "data" -> audio.setData(in.string());
                case "format" -> audio.setFormat(in.string());
                default -> ChatMessageReader.ignore(in, ignored);
            }
        }
        return audio.build();
    }

    private FilePart file() {
        FilePart.Builder file = FilePart.newBuilder();
        in.enterObject();
        while (in.nextKey()) {
            switch (in.isNull() ? "" : in.key()) {
                case "file_data" -> file.setUrl(in.string());
                case "filename" -> file.setFilename(in.string());
                case "file_id" ->
                        throw in.failure(
                                "is not supported: this server stores no files; send file_data");
                default -> ChatMessageReader.ignore(in, ignored);
            }
        }
        if (file.getUrl().isEmpty()) {
            throw in.failureAt("file_data", "is missing");
        }
        return file.build();
    }
}
