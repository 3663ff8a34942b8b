package io.mlpipeline.spark.table;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;

class SchemaDigestTest {

  private static String of(String ddl) {
    return SchemaDigest.of(StructType.fromDDL(ddl));
  }

  @Test
  void staysWhatItIsInStoredIdentities() {
    assertThat(of("id bigint, name string")).isEqualTo("0bd81ffeb1ac2cbb");
  }

  @Test
  void ignoresNullabilityAndComments() {
    String bare = of("id bigint, s struct<a: int, l: array<string>>");
    assertThat(of("id bigint not null comment 'x', s struct<a: int not null, l: array<string>>"))
        .isEqualTo(bare);
  }

  @Test
  void changesWithNamesOrderAndTypes() {
    assertThat(
            List.of(
                of("a int, b int"),
                of("b int, a int"),
                of("A int, b int"),
                of("a int"),
                of("a bigint, b int"),
                of("a decimal(10,2), b int"),
                of("a decimal(10,3), b int"),
                of("a struct<x:int>, b int"),
                of("a struct<y:int>, b int"),
                of("a map<string,int>, b int")))
        .doesNotHaveDuplicates();
  }
}
