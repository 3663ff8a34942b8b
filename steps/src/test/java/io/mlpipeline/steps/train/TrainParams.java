package io.mlpipeline.steps.train;

import io.mlpipeline.step.Default;
import io.mlpipeline.steps.train.TrainClassifier.Algorithm;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Params of a trainer, with the defaults that are written on the record.
 *
 * @param <P> the record
 */
public final class TrainParams<P extends Record> {

  private final Class<P> type;
  private final Map<String, Object> values = new TreeMap<>();
  private final Map<String, List<String>> learner = new TreeMap<>();

  private TrainParams(Class<P> type) {
    this.type = type;
  }

  public static TrainParams<TrainClassifier.Params> of(Algorithm algorithm) {
    return new TrainParams<>(TrainClassifier.Params.class)
        .with("algorithm", algorithm)
        .with("label", "churned");
  }

  static TrainParams<TrainRegressor.Params> of(TrainRegressor.Algorithm algorithm) {
    return new TrainParams<>(TrainRegressor.Params.class).with("algorithm", algorithm);
  }

  static TrainParams<TrainClusters.Params> of(TrainClusters.Algorithm algorithm) {
    return new TrainParams<>(TrainClusters.Params.class).with("algorithm", algorithm);
  }

  static TrainParams<TrainRecommender.Params> recommender() {
    return new TrainParams<>(TrainRecommender.Params.class)
        .with("user", "user")
        .with("item", "item");
  }

  public TrainParams<P> numeric(String... columns) {
    return with("numeric", List.of(columns));
  }

  public TrainParams<P> categorical(String... columns) {
    return with("categorical", List.of(columns));
  }

  /** The features of the made-up customers. */
  TrainParams<P> customers() {
    return numeric("tenure", "charge", "usage.rate", "paperless")
        .categorical("plan", "region")
        .with("key", List.of("customer_id"));
  }

  TrainParams<P> learner(String param, String... value) {
    learner.put(param, List.of(value));
    return with("learner", learner);
  }

  public TrainParams<P> with(String component, Object value) {
    values.put(component, value);
    return this;
  }

  Class<P> type() {
    return type;
  }

  public P build() {
    RecordComponent[] components = type.getRecordComponents();
    Object[] arguments = new Object[components.length];
    Class<?>[] types = new Class<?>[components.length];
    for (int i = 0; i < components.length; i++) {
      RecordComponent component = components[i];
      types[i] = component.getType();
      arguments[i] =
          values.containsKey(component.getName())
              ? values.get(component.getName())
              : parsed(types[i], component.getAnnotation(Default.class).value());
    }
    try {
      return type.getDeclaredConstructor(types).newInstance(arguments);
    } catch (ReflectiveOperationException e) {
      throw new AssertionError(e);
    }
  }

  private static Object parsed(Class<?> type, String text) {
    if (type == List.class) {
      return text.isEmpty() ? List.of() : List.of(text.split(",", -1));
    } else if (type == Map.class) {
      return Map.of();
    } else if (type == int.class) {
      return Integer.parseInt(text);
    } else if (type == long.class) {
      return Long.parseLong(text);
    } else if (type == double.class) {
      return Double.parseDouble(text);
    } else if (type.isEnum()) {
      String constant = text.toUpperCase(Locale.ROOT).replace('-', '_');
      return Arrays.stream(type.getEnumConstants())
          .filter(c -> ((Enum<?>) c).name().equals(constant))
          .findFirst()
          .orElseThrow();
    }
    return text;
  }
}
