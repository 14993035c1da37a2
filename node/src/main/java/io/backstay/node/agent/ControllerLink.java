package io.backstay.node.agent;

import io.backstay.node.pki.Credentials;
import io.backstay.rollout.protocol.Challenge;
import io.backstay.rollout.protocol.Leave;
import io.backstay.rollout.protocol.Offer;
import io.backstay.rollout.protocol.Report;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;

/// The agent's line to its controller: dialled out, HTTPS, both sides show certificates.
///
/// Errors: [IOException] when the controller cannot be reached or answers what it never should.
final class ControllerLink implements AutoCloseable {
    private static final Duration ANSWER_DEADLINE = Duration.ofSeconds(10);

    private final JsonMapper json = JsonMapper.builder().build();
    private final URI controller;
    private final HttpClient client;

    ControllerLink(URI controller, Credentials credentials) {
        this.controller = controller;
        this.client =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .sslContext(credentials.sslContext())
                        .connectTimeout(Duration.ofSeconds(5))
                        .build();
    }

    /// What a challenge was answered with.
    sealed interface PermitAnswer {

        record Granted(Leave leave) implements PermitAnswer {}

        record Denied(String reason) implements PermitAnswer {}
    }

    Optional<Offer> next(Duration wait) throws IOException, InterruptedException {
        HttpResponse<byte[]> answer =
                send(
                        HttpRequest.newBuilder(
                                        controller.resolve(
                                                "/v1/offers/next?waitMillis=" + wait.toMillis()))
                                .timeout(wait.plus(ANSWER_DEADLINE))
                                .GET());
        return switch (answer.statusCode()) {
            case 200 -> Optional.of(json.readValue(answer.body(), Offer.class));
            case 204 -> Optional.empty();
            default -> throw unexpected(answer);
        };
    }

    PermitAnswer challenge(Challenge challenge) throws IOException, InterruptedException {
        HttpResponse<byte[]> answer = post("/v1/challenges", challenge);
        return switch (answer.statusCode()) {
            case 200 -> new PermitAnswer.Granted(json.readValue(answer.body(), Leave.class));
            case 409 ->
                    new PermitAnswer.Denied(
                            new String(answer.body(), java.nio.charset.StandardCharsets.UTF_8));
            default -> throw unexpected(answer);
        };
    }

    void report(Report report) throws IOException, InterruptedException {
        HttpResponse<byte[]> answer = post("/v1/reports", report);
        if (answer.statusCode() != 204 && answer.statusCode() != 410) {
            throw unexpected(answer);
        }
    }

    private HttpResponse<byte[]> post(String path, Object body)
            throws IOException, InterruptedException {
        return send(
                HttpRequest.newBuilder(controller.resolve(path))
                        .timeout(ANSWER_DEADLINE)
                        .header("Content-Type", "application/json")
                        .POST(
                                HttpRequest.BodyPublishers.ofByteArray(
                                        json.writeValueAsBytes(body))));
    }

    private HttpResponse<byte[]> send(HttpRequest.Builder request)
            throws IOException, InterruptedException {
        return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    private IOException unexpected(HttpResponse<byte[]> answer) {
        return new IOException(
                "controller %s answered %d to %s"
                        .formatted(
                                controller, answer.statusCode(), answer.request().uri().getPath()));
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
