package io.mlpipeline.spark.drift;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** How far apart two distributions are: the name in rules, and what it takes. */
public enum DriftMethod {
  /** Population stability index. */
  PSI,
  /** Jensen-Shannon distance. */
  JS,
  /** Kolmogorov-Smirnov statistic. */
  KS,
  /** Largest difference of the share of a category. */
  LINF;

  /** The method of this name, as rules write it. */
  public static Optional<DriftMethod> find(String name) {
    return Arrays.stream(values()).filter(one -> one.label().equals(name)).findFirst();
  }

  /** The names of all. */
  public static List<String> labels() {
    return Arrays.stream(values()).map(DriftMethod::label).toList();
  }

  /** The name in rules. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** What the method takes a column for; empty if it cannot judge such a column. */
  public Optional<Asked.Form> form(boolean isNumeric) {
    return switch (this) {
      case LINF -> Optional.of(Asked.Form.CATEGORIES);
      case KS -> isNumeric ? Optional.of(Asked.Form.NUMBERS) : Optional.empty();
      case PSI, JS -> Optional.of(isNumeric ? Asked.Form.NUMBERS : Asked.Form.CATEGORIES);
    };
  }
}
