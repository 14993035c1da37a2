package io.backstay.guard.internal;

import io.backstay.guard.Finding;
import io.backstay.guard.GuardAnswer;
import io.backstay.guard.GuardRequest;
import io.backstay.guard.ProofOfSight;
import io.backstay.guard.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// An answer read back from its JSON. The verdict is not read but drawn anew from what was found,
/// and the whole must give the digest that came with it.
final class AnswerReader {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private AnswerReader() {}

    static GuardAnswer read(GuardRequest request, String json) throws CannotLookException {
        try {
            JsonNode root = JSON.readTree(json);
            var findings = new ArrayList<Finding>();
            for (JsonNode finding : root.required("findings")) {
                findings.add(finding(finding));
            }
            var answer =
                    new GuardAnswer(
                            root.required("operation").stringValue(),
                            root.required("target").stringValue(),
                            Verdict.of(RequiredProbes.of(request), findings),
                            findings,
                            root.required("bootId").stringValue(),
                            Instant.parse(root.required("startedAt").stringValue()),
                            Duration.ofMillis(root.required("tookMillis").longValue()));
            if (!answer.operation().equals(request.operation())
                    || !answer.target().equals(request.target().text())
                    || !answer.evidenceDigest()
                            .equals(root.required("evidenceDigest").stringValue())) {
                throw garbled("it is no answer to what was asked");
            }
            return answer;
        } catch (JacksonException | java.time.format.DateTimeParseException e) {
            throw garbled(String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
        }
    }

    private static Finding finding(JsonNode finding) throws CannotLookException {
        String probe = finding.required("probe").stringValue();
        String says = finding.required("says").stringValue();
        return switch (finding.required("finding").stringValue()) {
            case "live" -> new Finding.Live(probe, says);
            case "blind" ->
                    new Finding.Blind(probe, says, finding.required("remedy").stringValue());
            case "clear" ->
                    new Finding.Clear(
                            probe,
                            new ProofOfSight(
                                    words(finding.required("controls")),
                                    says,
                                    finding.required("privileges").stringValue(),
                                    words(finding.required("notSeen"))));
            case String other -> throw garbled("unknown finding " + other);
        };
    }

    private static List<String> words(JsonNode array) {
        var words = new ArrayList<String>();
        array.forEach(word -> words.add(word.stringValue()));
        return words;
    }

    private static CannotLookException garbled(String why) {
        return new CannotLookException(
                "the answer of the process that looked cannot be used: " + why,
                "this is a fault of the guard: report it");
    }
}
