package io.mlpipeline.spark.drift;

import java.io.Serializable;
import java.util.Locale;

/**
 * A column to be profiled.
 *
 * @param column its name
 * @param form as what
 */
public record Asked(String column, Form form) implements Serializable {

  /** What a column is taken for. */
  public enum Form {
    /** Numbers in an order: a sketch of their quantiles. */
    NUMBERS,
    /** Values of any kind, each by itself: how often it occurs. */
    CATEGORIES
  }

  /** The same for every spelling of the column's name; distinct for distinct columns and forms. */
  public String key() {
    return form.name().toLowerCase(Locale.ROOT) + " " + column.toLowerCase(Locale.ROOT);
  }
}
