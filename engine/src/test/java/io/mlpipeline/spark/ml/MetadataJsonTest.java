package io.mlpipeline.spark.ml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MetadataJsonTest {

  private static final String HEADER =
      "{'class':'org.apache.spark.ml.X','timestamp':%d,'sparkVersion':'%s','uid':'%s','paramMap':{%s}}";

  @Test
  void forgetsTimeUidPatchLevelAndOrderOfKeys() throws IOException {
    String one = normalized(HEADER.formatted(1, "3.5.7", "x_1", "'a':1,'b':'x_1'"));
    assertThat(normalized(HEADER.formatted(2, "3.5.1", "y_2", "'b':'y_2','a':1.0"))).isEqualTo(one);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "3.4.0 | x | 'a':1",
        "3.5.7 | x | 'a':2",
        "3.5.7 | x | 'a':'1'",
        "3.5.7 | x | 'a':[1]",
        "3.5.7 | x | 'a':null",
        "3.5.7 | x | 'a':true",
        "3.5.7 | x | 'a':1,'timestamp':5",
        "3.5.7 | x | 'b':1",
      })
  void remembersEverythingElse(String version, String uid, String params) throws IOException {
    String one = normalized(HEADER.formatted(1, "3.5.7", "x", "'a':1"));
    assertThat(normalized(HEADER.formatted(1, version, uid, params))).isNotEqualTo(one);
  }

  /** Or else a model that reads its columns in another order would be the same model. */
  @Test
  void tellsApartWhichStagesDefaultColumnIsRead() throws IOException {
    String form =
        "["
            + HEADER.formatted(1, "3.5.7", "%1$s", "")
            + ","
            + HEADER.formatted(1, "3.5.7", "%2$s", "%3$s")
            + "]";
    String one = normalized(form.formatted("a_1", "b_1", "'in':['a_1__output','b_1__output']"));
    assertThat(normalized(form.formatted("a_2", "b_2", "'in':['a_2__output','b_2__output']")))
        .isEqualTo(one);
    assertThat(normalized(form.formatted("a_2", "b_2", "'in':['b_2__output','a_2__output']")))
        .isNotEqualTo(one);
    assertThat(normalized(form.formatted("a_2", "b_2", "'in':['c_2__output','b_2__output']")))
        .isNotEqualTo(one);
  }

  @Test
  void keepsATimestampThatIsAParam() throws IOException {
    assertThat(normalized(HEADER.formatted(1, "3.5.7", "x", "'timestamp':5")))
        .isNotEqualTo(normalized(HEADER.formatted(1, "3.5.7", "x", "'timestamp':6")));
  }

  @Test
  void normalizesMetadataInsideText() {
    String one = HEADER.formatted(1, "3.5.7", "x_1", "").replace('\'', '"');
    String other = HEADER.formatted(2, "3.5.7", "x_2", "").replace('\'', '"');
    assertThat(MetadataJson.normalizedText(one, Map.of()))
        .isEqualTo(MetadataJson.normalizedText(other, Map.of()));
    assertThat(MetadataJson.normalizedText("{no json", Map.of())).isEqualTo("{no json");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"{\"a\":1,\"a\":2}", "{\"a\":", "Transformer", "{\"class\":\"a\",\"class\":\"b\"}"})
  void refusesBrokenTextAndKeysGivenTwice(String text) {
    assertThatThrownBy(() -> MetadataJson.parse(text)).isInstanceOf(JsonProcessingException.class);
  }

  @Test
  void refusesNestingThatWouldExhaustTheStack() {
    assertThatThrownBy(() -> MetadataJson.parse("[".repeat(100_000)))
        .isInstanceOf(JsonProcessingException.class);
  }

  private static String normalized(String text) throws IOException {
    Object json = MetadataJson.parse(text.replace('\'', '"')).get(0);
    Map<String, String> uids = new LinkedHashMap<>();
    MetadataJson.collectUids(json, uids);
    return MetadataJson.normalized(json, uids);
  }
}
