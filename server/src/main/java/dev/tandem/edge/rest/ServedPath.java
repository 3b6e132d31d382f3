package dev.tandem.edge.rest;

import java.util.List;

/// A way in that the server has.
///
/// @param method such as `GET`, which stands for `HEAD` too
/// @param template such as `/v1/models/{model_id=**}`
public record ServedPath(String method, String template) {

    /// The path as API documents write it: `/v1/models/{model_id}`.
    public String plain() {
        return template.replaceAll("=\\*+}", "}");
    }

    /// The names of the variables of the path.
    public List<String> variables() {
        return PathTemplate.parse(template).variables();
    }
}
