package dev.tandem.edge.openai;

import dev.tandem.edge.json.JsonOut;
import dev.tandem.v1.ListModelsResponse;
import dev.tandem.v1.Model;

/// Writes models as OpenAI lists them.
final class ModelsJson {
    private ModelsJson() {}

    static byte[] list(ListModelsResponse models) {
        JsonOut out = new JsonOut(2048);
        out.beginObject().name("object").value("list").name("data").beginArray();
        models.getDataList().forEach(model -> write(model, out));
        return out.endArray().endObject().toBytes();
    }

    static byte[] model(Model model) {
        JsonOut out = new JsonOut();
        write(model, out);
        return out.toBytes();
    }

    private static void write(Model model, JsonOut out) {
        out.beginObject();
        out.name("id").value(model.getId());
        out.name("object").value("model");
        out.name("created").value(model.getCreated().getSeconds());
        out.name("owned_by").value(model.getOwnedBy());
        out.endObject();
    }
}
