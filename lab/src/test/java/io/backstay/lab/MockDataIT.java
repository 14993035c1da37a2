package io.backstay.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MockDataIT {
    private final Lab lab = new Lab(5);

    @AfterEach
    void sweep() {
        lab.close();
    }

    @Test
    void oneSeedGivesTheSameRowsOnBothVersionsAndAnotherSeedOthers() throws Exception {
        try (Connection old = lab.started(Lab.OLD, 1).connect();
                Connection newer = lab.started(Lab.NEW, 2).connect();
                Connection other = lab.started(Lab.OLD, 3).connect()) {
            Map<String, Integer> counts = new MockData(1, 2_000).load(old);
            new MockData(1, 2_000).load(newer);
            new MockData(2, 2_000).load(other);

            assertThat(counts.values().stream().mapToInt(Integer::intValue).sum()).isEqualTo(2_000);
            for (Map.Entry<String, Integer> table : counts.entrySet()) {
                assertThat(Sql.number(old, "select count(*) from shop." + table.getKey()))
                        .isEqualTo(table.getValue().longValue());
            }
            assertThat(TableChecksums.of(newer)).isEqualTo(TableChecksums.of(old));
            assertThat(TableChecksums.of(old).differences(TableChecksums.of(other)))
                    .contains("shop.customer", "shop.device", "shop.order_line");
        }
    }

    @Test
    void edgeValuesAreThere() throws Exception {
        try (Connection server = lab.started(Lab.OLD, 1).connect()) {
            new MockData(1, 2_000).load(server);

            assertThat(Sql.number(server, "select max(id) from shop.customer"))
                    .isEqualTo(4_294_967_295L);
            assertThat(Sql.string(server, "select hex(picture) from shop.product where id = 2"))
                    .startsWith("000102")
                    .endsWith("FEFF")
                    .hasSize(512);
            assertThat(
                            Sql.number(
                                    server,
                                    "select count(*) from shop.customer where hex(name) like '%F09F%'"))
                    .isPositive();
            assertThat(
                            Sql.number(
                                    server,
                                    "select count(*) from shop.customer where born is null or profile is null"))
                    .isPositive();
        }
    }
}
