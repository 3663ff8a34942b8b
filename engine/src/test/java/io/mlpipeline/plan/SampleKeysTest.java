package io.mlpipeline.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlpipeline.plan.SampleKeys.Known;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SampleKeysTest {

  private static final Known CUSTOMERS = known("customers", "customer_id plan", "customer_id");
  private static final Known EVENTS = known("events", "event_id customer_id amount", "event_id");

  private static Known known(String name, String columns, String key) {
    List<String> keys = key.isEmpty() ? List.of() : List.of(key.split(" "));
    return new Known(name, List.of(columns.split(" ")), keys, List.of());
  }

  private static Known by(Known one, String... columns) {
    return new Known(one.name(), one.columns(), one.key(), List.of(columns));
  }

  @Test
  void tablesThatAreJoinedAreSampledByTheKeyThatTheyShare() {
    List<Known> all = List.of(EVENTS, CUSTOMERS);
    Map<String, List<String>> keys = SampleKeys.of(all);
    assertThat(keys)
        .containsEntry("customers", List.of("customer_id"))
        .containsEntry("events", List.of("customer_id"));
    assertThat(SampleKeys.words(all, SampleKeys.of(all)))
        .containsExactly("customers, events by customer_id");
  }

  @Test
  void aTableAloneIsSampledByItsOwnKey() {
    assertThat(SampleKeys.of(List.of(EVENTS))).containsEntry("events", List.of("event_id"));
  }

  @Test
  void columnsAreTheSameWhateverTheirCase() {
    Known upper = known("shouting", "CUSTOMER_ID total", "");
    assertThat(SampleKeys.of(List.of(CUSTOMERS, upper)))
        .containsEntry("shouting", List.of("customer_id"));
  }

  @Test
  void whatHasNoKeyIsTakenWholeAndThatIsSaid() {
    Known rates = known("rates", "day rate", "");
    List<Known> all = List.of(CUSTOMERS, rates);
    assertThat(SampleKeys.of(all)).doesNotContainKey("rates");
    assertThat(SampleKeys.words(all, SampleKeys.of(all)))
        .containsExactly(
            "customers by customer_id",
            "rates is taken whole: it has no key; `sample-by: COLUMN` beside it names one");
  }

  @Test
  void whatThePipelineSaysCountsMoreThanWhatIsFound() {
    List<Known> all = List.of(CUSTOMERS, by(EVENTS, "event_id"));
    assertThat(SampleKeys.of(all))
        .containsEntry("events", List.of("event_id"))
        .containsEntry("customers", List.of("customer_id"));
    assertThat(SampleKeys.words(all, SampleKeys.of(all)))
        .contains("rows that were chosen by different columns need not belong together");
  }

  @Test
  void theOrderOfTheInputsChangesNothing() {
    Known lines = known("lines", "order_id line product_id", "order_id line");
    Known orders = known("orders", "order_id customer_id", "order_id");
    List<Known> all = List.of(CUSTOMERS, orders, lines);
    assertThat(SampleKeys.of(all)).isEqualTo(SampleKeys.of(List.of(lines, orders, CUSTOMERS)));
    assertThat(SampleKeys.of(all)).containsEntry("lines", List.of("order_id"));
  }
}
