package io.backstay.recovery.fold;

import static org.assertj.core.api.Assertions.assertThat;

import io.backstay.mysql.TableDefinition;
import io.backstay.mysql.TableName;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What was inserted by SQL, folded from the log and loaded again, is the same to the byte, and its
/// text is the server's own.
class TypeRoundTripIT {
    private static final TableName ORIGINAL = new TableName("d", "torture");
    private static final TableName MERGED = new TableName("d", "merged");

    private static final List<String> COLUMNS =
            List.of(
                    "id INT UNSIGNED PRIMARY KEY",
                    "t1 TINYINT, t2 SMALLINT, t3 MEDIUMINT, t4 INT, t5 BIGINT",
                    "u1 TINYINT UNSIGNED, u2 SMALLINT UNSIGNED, u3 MEDIUMINT UNSIGNED",
                    "u4 INT UNSIGNED, u5 BIGINT UNSIGNED, zf INT(8) ZEROFILL, b BOOL",
                    "d1 DECIMAL(65,30), d2 DECIMAL(5,5), d3 DECIMAL(10,0), d4 DECIMAL(20,9)",
                    "f FLOAT, g DOUBLE",
                    "da DATE, ye YEAR, ti TIME, ti2 TIME(2), ti4 TIME(4), ti6 TIME(6)",
                    "dt DATETIME, dt1 DATETIME(1), dt3 DATETIME(3), dt6 DATETIME(6)",
                    "ts TIMESTAMP NULL, ts5 TIMESTAMP(5) NULL, ts6 TIMESTAMP(6) NULL",
                    "bi1 BIT(1), bi9 BIT(9), bi64 BIT(64)",
                    "en ENUM('a','it''s','ü') CHARACTER SET utf8mb4",
                    "en2 ENUM('','x'), se SET('p','q','r')",
                    "enl ENUM('ä','b') CHARACTER SET latin1",
                    "c CHAR(5) CHARACTER SET utf8mb4, cl CHAR(200) CHARACTER SET utf8mb4",
                    "vc VARCHAR(300) CHARACTER SET utf8mb4, vl VARCHAR(20) CHARACTER SET latin1",
                    "vg VARCHAR(20) CHARACTER SET gbk, vu VARCHAR(20) CHARACTER SET utf16",
                    "tx TEXT CHARACTER SET utf8mb4, mt MEDIUMTEXT CHARACTER SET latin1",
                    "bn BINARY(6), vb VARBINARY(300), tb TINYBLOB, bb LONGBLOB",
                    "js JSON, po POINT, ge GEOMETRY",
                    "vi INT AS (t4 + 1) VIRTUAL, st INT AS (t4 + 2) STORED",
                    "iv INT INVISIBLE DEFAULT 7");

    private static final List<String> ROWS =
            List.of(
                    "INSERT INTO torture(id) VALUES (1)",
                    """
                    INSERT INTO torture SET id=2, t1=-128, t2=-32768, t3=-8388608, t4=-2147483648,
                    t5=-9223372036854775808, u1=255, u2=65535, u3=16777215, u4=4294967295,
                    u5=18446744073709551615, zf=42, b=1,
                    d1=-99999999999999999999999999999999999.999999999999999999999999999999,
                    d2=-0.99999, d3=-9999999999, d4=-12345678901.000000001,
                    f=-3.402823466E+38, g=-1.7976931348623157E+308, da='1000-01-01', ye=1901,
                    ti='-838:59:59', ti2='-838:59:59.00', ti4='-00:00:00.0001', ti6='-838:59:58.000001',
                    dt='1000-01-01 00:00:00', dt1='1000-01-01 00:00:00.9', dt3='1000-01-01 00:00:00.001',
                    dt6='1000-01-01 00:00:00.000001', ts='1970-01-01 00:00:01',
                    ts5='1970-01-01 00:00:01.00001', ts6='1970-01-01 00:00:01.000001',
                    bi1=b'1', bi9=b'100000000', bi64=0xFFFFFFFFFFFFFFFF, en='it''s', en2='', se='p,r',
                    enl='ä', c='a', cl=REPEAT('ß',200), vc='\\t\\n\\r\\0\\\\\\'"', vl='é', vg='中', vu='😀',
                    tx='x\\n', mt='ÿ', bn='ab', vb=0x00FF0A0D5C09, tb='', bb=REPEAT(0x00,70000),
                    js='{"a" :  1}', po=POINT(1,-2), ge=ST_GeomFromText('LINESTRING(0 0,1 1)',4326)""",
                    """
                    INSERT INTO torture SET id=3, t1=127, t2=32767, t3=8388607, t4=2147483640,
                    t5=9223372036854775807, u1=0, u2=0, u3=0, u4=0, u5=9223372036854775808, zf=12345678,
                    b=0, d1=0.000000000000000000000000000001, d2=0.00001, d3=0, d4=1.1,
                    f=1.17549E-38, g=2.2250738585072014E-308, da='9999-12-31', ye=2155,
                    ti='838:59:59', ti2='00:00:00.01', ti4='838:59:58.9999', ti6='-00:00:00.5',
                    dt='9999-12-31 23:59:59', dt1='9999-12-31 23:59:59.9', dt3='9999-12-31 23:59:59.999',
                    dt6='9999-12-31 23:59:59.999999', ts='2038-01-19 03:14:07',
                    ts5='2038-01-19 03:14:07.99999', ts6='2024-02-29 12:00:00.5',
                    bi1=b'0', bi9=b'000000001', bi64=0, en='ü', en2='x', se='', enl='b', c='', cl='',
                    vc='', vl='', vg='', vu='', tx='', mt='', bn=0x200020200000, vb='', tb='x', bb='',
                    js='[]', iv=NULL""",
                    """
                    INSERT INTO torture SET id=4, f=-0.0, g=-0.0, da='0000-00-00', ye=0, ti='-00:00:01',
                    ti2='-10:00:00.25', ti6='10:11:12.131415', dt='0000-00-00 00:00:00',
                    dt6='2024-00-15 01:02:03.040506', ts='0000-00-00 00:00:00', ts6='0000-00-00 00:00:00',
                    en='nonsense', en2='nonsense', se='nonsense', c='a  ', vc='a  ', bn='',
                    d1=-0.0, d2=0, d4=-0.000000001, dt3='2024-02-31 00:00:00.5', cl='\\N'""",
                    "INSERT INTO torture SET id=5, f=0.1, g=0.1, t4=5, d4=99999999999.999999999",
                    "INSERT INTO torture SET id=6, f=16777217, g=1e300, vb=REPEAT('v',300)",
                    "UPDATE torture SET id=60, vc=REPEAT('ü',150) WHERE id=6",
                    "DELETE FROM torture WHERE id=5",
                    "INSERT INTO torture SET id=5, t4=55");

    @ParameterizedTest
    @CsvSource({
        FoldServer.OLD + ",--mysql56-temporal-format=1",
        FoldServer.NEW + ",--mysql56-temporal-format=1",
        FoldServer.OLD + ",--character-set-server=latin1"
    })
    void everyTypeComesBackAsItWas(String version, String option) throws Exception {
        try (var server = new FoldServer(version, "127.32.2.1", option)) {
            server.sql.execute("CREATE DATABASE d");
            server.sql.execute("USE d");
            server.sql.execute("SET sql_mode='ALLOW_INVALID_DATES'");
            server.sql.execute("SET character_set_results=NULL");
            String columns = String.join(", ", COLUMNS);
            server.sql.execute("CREATE TABLE torture (" + columns + ")");
            server.sql.execute("CREATE TABLE merged (" + columns + ")");
            FoldServer.Base base = server.base("d");
            for (String row : ROWS) {
                server.sql.execute(row);
            }

            Fold fold = LogFold.run(base.request(new FoldStop.AtEnd()), server.log());

            FoldedTable folded = fold.find(ORIGINAL).orElseThrow();
            TableDefinition table = folded.definition();
            assertThat(fold.summary().end()).isEqualTo(server.state());
            assertThat(texts(folded)).isEqualTo(texts(server.rows(table)));
            server.load(base, folded, MERGED);
            assertThat(server.hexRows(table, MERGED)).isEqualTo(server.hexRows(table, ORIGINAL));
            assertThat(server.checksum(MERGED)).isEqualTo(server.checksum(ORIGINAL));
        }
    }

    private static List<String> texts(FoldedTable folded) {
        var rows = new java.util.ArrayList<byte[]>();
        for (AfterImages images = folded.afterImages(); images.next(); ) {
            rows.add(java.util.Arrays.copyOf(images.text(), images.count()));
        }
        return texts(rows);
    }

    private static List<String> texts(List<byte[]> rows) {
        return rows.stream()
                .map(row -> new String(row, java.nio.charset.StandardCharsets.ISO_8859_1))
                .sorted(Comparator.naturalOrder())
                .toList();
    }
}
