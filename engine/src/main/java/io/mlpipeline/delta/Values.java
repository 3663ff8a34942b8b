package io.mlpipeline.delta;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The fields of a row or struct, read in their order; see {@link ObjectVector} for their form. */
final class Values {

  private final @Nullable Object[] fields;
  private int next;

  Values(@Nullable Object[] fields) {
    this.fields = fields;
  }

  static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  static <T> List<@Nullable Object> structs(List<T> list, Function<T, @Nullable Object[]> struct) {
    List<@Nullable Object> values = new ArrayList<>(list.size());
    list.forEach(e -> values.add(struct.apply(e)));
    return values;
  }

  /** Every field, as it is. */
  List<@Nullable Object> all() {
    return Arrays.asList(fields);
  }

  @Nullable String findText() {
    return (String) fields[next++];
  }

  String text() {
    return Objects.requireNonNull(findText());
  }

  long number() {
    return (Long) Objects.requireNonNull(fields[next++]);
  }

  int integer() {
    return (Integer) Objects.requireNonNull(fields[next++]);
  }

  boolean flag() {
    return (Boolean) Objects.requireNonNull(fields[next++]);
  }

  <E extends Enum<E>> E constant(Class<E> type) {
    return Enum.valueOf(type, text().toUpperCase(Locale.ROOT).replace('-', '_'));
  }

  SortedMap<String, String> textMap() {
    SortedMap<String, String> map = new TreeMap<>();
    entries().forEach((k, v) -> map.put((String) k, (String) v));
    return map;
  }

  SortedMap<String, Double> decimalMap() {
    SortedMap<String, Double> map = new TreeMap<>();
    entries().forEach((k, v) -> map.put((String) k, (Double) v));
    return map;
  }

  private Map<?, ?> entries() {
    return (Map<?, ?>) Objects.requireNonNull(fields[next++]);
  }

  <T> List<T> list(Function<Values, T> struct) {
    List<T> list = new ArrayList<>();
    for (Object value : (List<?>) Objects.requireNonNull(fields[next++])) {
      list.add(struct.apply(new Values((Object[]) value)));
    }
    return list;
  }

  <T> @Nullable T findStruct(Function<Values, T> struct) {
    Object[] value = (Object[]) fields[next++];
    return value == null ? null : struct.apply(new Values(value));
  }
}
