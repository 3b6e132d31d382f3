package dev.tandem.clients.phone;

/// How a phone connects again.
enum Way {
    /// `GET /v1/runs/{id}/events` with the header `Last-Event-ID`.
    GET_WITH_HEADER,
    /// `GET /v1/runs/{id}/events?after=`.
    GET_WITH_QUERY,
    /// The same `POST /v1/chat/completions` once more, with `Last-Event-ID`.
    POST_AGAIN,
    /// `ChatService.WatchRun`.
    GRPC
}
