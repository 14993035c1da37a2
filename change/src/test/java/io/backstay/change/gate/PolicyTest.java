package io.backstay.change.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backstay.change.DrillChanges;
import io.backstay.change.yaml.FaultyFileException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PolicyTest {
    private static final String ONE_RULE =
            """
            apiVersion: backstay/v1
            kind: Policy
            metadata: {id: p, owner: o}
            rules:
              - {id: r, expr: "EXPR", message: m, severity: deny, waivable: never}
            """;

    @Test
    void theDrillsPolicyHasTheRulesItSays() {
        assertThat(Policy.load(DrillChanges.POLICY).rules())
                .extracting(Rule::id)
                .containsExactly(
                        "1-bound", "3-negative", "4-way-back", "5-people", "6-exact", "7-budget");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "ev.passed ; there is no fact `ev.passed`",
                "ev.result.x == 'a' ; there is no fact `ev.result.x`",
                "ev['result'] == 'a' ; there is no fact `ev`",
                "has(ev.result) || ev.reslt == 'a' ; there is no fact `ev.reslt`",
                "size(ev) > 0 ; there is no fact `ev`",
                "true ; it reads no fact",
                "1 == 1 ; it reads no fact",
                "now < ; ERROR",
                "now ; ERROR",
                "evil == 1 ; ERROR",
            })
    void anExpressionThatReadsNoKnownFactIsAFault(String expr, String fault) {
        assertThatThrownBy(() -> Policy.parse("p.yaml", ONE_RULE.replace("EXPR", expr)))
                .isInstanceOf(FaultyFileException.class)
                .hasMessageContaining("p.yaml:5:19: rule r: " + fault);
    }

    @Test
    void aRuleAboutSizeOrClustersIsNeverWaivable() {
        for (String expr : new String[] {"plan.hosts == 1", "cluster.healthy >= 3"}) {
            String policy =
                    ONE_RULE.replace("EXPR", expr)
                            .replace("waivable: never", "waivable: break-glass");
            assertThatThrownBy(() -> Policy.parse("p.yaml", policy))
                    .hasMessageContaining(
                            "rule r is waivable, but is about the size of the plan or what a cluster has left");
        }
    }

    @Test
    void aPolicyWithoutADenyingRuleIsAFault() {
        String policy =
                ONE_RULE.replace("EXPR", "ev.verified").replace("severity: deny", "severity: warn");

        assertThatThrownBy(() -> Policy.parse("p.yaml", policy))
                .hasMessageContaining("no rule denies");
    }
}
