package io.mlpipeline.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlpipeline.plan.SampleKeys.Known;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
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

  private static SortedMap<String, List<String>> keys(List<Known> all) {
    return SampleKeys.of(all, List.of());
  }

  @Test
  void whatIsSaidOfAnInputThatIsNotReadHoldsForWhatIsMadeOfIt() {
    Known clicks = known("clicks", "hour ID amount", "");
    assertThat(keys(List.of(clicks))).isEmpty();
    assertThat(SampleKeys.of(List.of(clicks), List.of(List.of("id"), List.of("session"))))
        .containsEntry("clicks", List.of("id"));
  }

  @Test
  void tablesThatAreJoinedAreSampledByTheKeyThatTheyShare() {
    List<Known> all = List.of(EVENTS, CUSTOMERS);
    Map<String, List<String>> keys = keys(all);
    assertThat(keys)
        .containsEntry("customers", List.of("customer_id"))
        .containsEntry("events", List.of("customer_id"));
    assertThat(SampleKeys.words(all, keys(all)))
        .containsExactly("customers, events by customer_id");
  }

  @Test
  void aTableAloneIsSampledByItsOwnKey() {
    assertThat(keys(List.of(EVENTS))).containsEntry("events", List.of("event_id"));
  }

  @Test
  void columnsAreTheSameWhateverTheirCase() {
    Known upper = known("shouting", "CUSTOMER_ID total", "");
    assertThat(keys(List.of(CUSTOMERS, upper))).containsEntry("shouting", List.of("customer_id"));
  }

  @Test
  void whatHasNoKeyIsTakenWholeAndThatIsSaid() {
    Known rates = known("rates", "day rate", "");
    List<Known> all = List.of(CUSTOMERS, rates);
    assertThat(keys(all)).doesNotContainKey("rates");
    assertThat(SampleKeys.words(all, keys(all)))
        .containsExactly(
            "customers by customer_id",
            "rates is taken whole: it has no key; `sample-by: COLUMN` beside it names one");
  }

  @Test
  void whatThePipelineSaysCountsMoreThanWhatIsFound() {
    List<Known> all = List.of(CUSTOMERS, by(EVENTS, "event_id"));
    assertThat(keys(all))
        .containsEntry("events", List.of("event_id"))
        .containsEntry("customers", List.of("customer_id"));
    assertThat(SampleKeys.words(all, keys(all)))
        .contains("rows that were chosen by different columns need not belong together");
  }

  @Test
  void theOrderOfTheInputsChangesNothing() {
    Known lines = known("lines", "order_id line product_id", "order_id line");
    Known orders = known("orders", "order_id customer_id", "order_id");
    List<Known> all = List.of(CUSTOMERS, orders, lines);
    assertThat(keys(all)).isEqualTo(keys(List.of(lines, orders, CUSTOMERS)));
    assertThat(keys(all)).containsEntry("lines", List.of("order_id"));
  }
}
