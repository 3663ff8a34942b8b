package io.mlpipeline.model;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which rows of which datasets a sample is made of.
 *
 * @param share how much of each dataset, above 0 and below 1, in steps of a millionth
 * @param keys the columns whose values decide, by dataset; a dataset that is not in it is taken
 *     whole
 */
public record Sampling(BigDecimal share, SortedMap<String, List<String>> keys) {

  /** How finely shares are told apart. */
  public static final int PARTS = 1_000_000;

  private static final Pattern WRITTEN = Pattern.compile("([+-]?[0-9]*\\.?[0-9]+)\\s*(%?)");
  private static final BigDecimal HUNDRED = BigDecimal.valueOf(100);

  public Sampling {
    if (share.signum() <= 0 || share.compareTo(BigDecimal.ONE) >= 0) {
      throw new IllegalArgumentException("a share lies above 0 and below 1, not " + share);
    }
    share = share.stripTrailingZeros();
    SortedMap<String, List<String>> copy = new TreeMap<>();
    keys.forEach((dataset, key) -> copy.put(dataset, List.copyOf(key)));
    keys = Collections.unmodifiableSortedMap(copy);
  }

  /**
   * A share as people write it: {@code 1%}, {@code 0.5 %} or {@code 0.01}.
   *
   * @throws EngineException {@code CONFIG_INVALID} if there is no such sample
   */
  public static BigDecimal share(String written) {
    Matcher m = WRITTEN.matcher(written.strip());
    if (!m.matches()) {
      throw refused(written, "is no share", "write --sample 1% or --sample 0.01");
    }
    BigDecimal number = new BigDecimal(m.group(1));
    BigDecimal share = m.group(2).isEmpty() ? number : number.divide(HUNDRED);
    if (share.signum() < 0) {
      throw refused(written, "is below nothing", "write --sample 1% or --sample 0.01");
    }
    if (share.signum() == 0) {
      throw refused(
          written, "takes no row at all", "to try the pipeline without rows: run --empty");
    }
    if (share.compareTo(BigDecimal.ONE) == 0) {
      throw refused(written, "is all there is", "leave --sample out");
    }
    if (share.compareTo(BigDecimal.ONE) > 0) {
      boolean meant = m.group(2).isEmpty() && share.compareTo(HUNDRED) < 0;
      throw refused(
          written,
          "is more than there is",
          meant ? "did you mean --sample " + m.group(1) + "%?" : "write --sample 1%");
    }
    if (share.setScale(6, RoundingMode.DOWN).compareTo(share) != 0) {
      throw refused(written, "is too fine", "shares go in steps of 0.0001%");
    }
    return share.stripTrailingZeros();
  }

  private static EngineException refused(String written, String what, String advice) {
    return EngineException.misused("a sample of " + written.strip() + " " + what, advice);
  }

  /** The share in parts of {@link #PARTS}. */
  public long parts() {
    return share.multiply(BigDecimal.valueOf(PARTS)).longValueExact();
  }

  /** The share for people: {@code 1%}. */
  public String percent() {
    return percent(share);
  }

  /** A share for people: {@code 1%}. */
  public static String percent(BigDecimal share) {
    return share.multiply(HUNDRED).stripTrailingZeros().toPlainString() + "%";
  }

  /** The share as a part of a name: {@code 1pct}, {@code 0_5pct}. */
  public static String word(BigDecimal share) {
    return share
            .multiply(HUNDRED)
            .stripTrailingZeros()
            .toPlainString()
            .replace('.', '_')
            .toLowerCase(Locale.ROOT)
        + "pct";
  }

  /**
   * What tells the sampled content of a dataset from the whole of it; added to its identity. Empty
   * for one that is taken whole.
   */
  public String mark(String dataset) {
    List<String> key = keys.get(dataset);
    return key == null ? "" : "~" + percent() + " by " + String.join(",", key);
  }
}
