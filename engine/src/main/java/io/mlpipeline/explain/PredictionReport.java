package io.mlpipeline.explain;

import io.mlpipeline.spark.explain.Contributions;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Why a model predicted what it did for one row.
 *
 * @param model such as {@code churn@1.4.0}
 * @param digest the model's content
 * @param origin where the prediction comes from, in words: the table of scores, or scored now
 * @param scored the row as scored, text by column
 * @param features where the feature row was read, such as {@code churn/features@v3}
 * @param row the feature row, text by column
 * @param behind the tables and files behind it, the nearest first
 * @param contributions what each raw column adds
 */
public record PredictionReport(
    String model,
    String digest,
    String origin,
    Map<String, String> scored,
    String features,
    Map<String, String> row,
    List<Behind> behind,
    Contributions contributions) {

  public PredictionReport {
    scored = Collections.unmodifiableMap(new LinkedHashMap<>(scored));
    row = Collections.unmodifiableMap(new LinkedHashMap<>(row));
    behind = List.copyOf(behind);
  }

  /**
   * Something that the feature row was made from.
   *
   * @param place such as {@code churn/events@v2}, or a location of files
   * @param note what is to be known of it: that it does not have the key, or that rows are left out
   * @param rows its rows with that key, text by column
   */
  public record Behind(String place, String note, List<Map<String, String>> rows) {

    public Behind {
      rows = List.copyOf(rows);
    }
  }
}
