package io.mlpipeline.step;

import io.mlpipeline.model.ModelSignature;
import io.mlpipeline.model.RowAccount;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.spark.ml.util.MLWritable;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * What a step returns. Immutable; every {@code with} gives a new one.
 *
 * <p>Tables may be lazy: the engine computes each once, while it stages. Metrics must be finite or
 * absent where a gate reads them.
 *
 * <p>A table may carry a column {@value #SOURCE_FILE} that its contract does not name: it is not
 * published, and says of a quarantined row which file it came from. The rows of such a table are
 * computed a second time if some must be set apart.
 */
public final class StepOutput {

  /** The column that says where a row was read. */
  public static final String SOURCE_FILE = "_source_file";

  private static final StepOutput NONE =
      new StepOutput(map(), Fitted.NONE, map(), map(), map(), map(), map());

  private final SortedMap<String, Dataset<Row>> tables;
  private final Fitted fitted;
  private final SortedMap<String, String> sameModels;
  private final SortedMap<String, Dataset<Row>> aside;
  private final SortedMap<String, Double> metrics;
  private final SortedMap<String, Dataset<Row>> quarantined;
  private final SortedMap<String, RowAccount> accounts;

  private StepOutput(
      SortedMap<String, Dataset<Row>> tables,
      Fitted fitted,
      SortedMap<String, String> sameModels,
      SortedMap<String, Dataset<Row>> aside,
      SortedMap<String, Double> metrics,
      SortedMap<String, Dataset<Row>> quarantined,
      SortedMap<String, RowAccount> accounts) {
    this.tables = tables;
    this.fitted = fitted;
    this.sameModels = sameModels;
    this.aside = aside;
    this.metrics = metrics;
    this.quarantined = quarantined;
    this.accounts = accounts;
  }

  /** One table. */
  public static StepOutput table(String port, Dataset<Row> rows) {
    return NONE.withTable(port, rows);
  }

  /** One model, fitted. */
  public static StepOutput model(String port, MLWritable model) {
    return NONE.withModel(port, model);
  }

  /** The model that is bound to an input port, under another name; nothing is copied. */
  public static StepOutput sameModel(String port, String inputPort) {
    return new StepOutput(
        map(), Fitted.NONE, put(map(), port, inputPort), map(), map(), map(), map());
  }

  /** And one more table. */
  public StepOutput withTable(String port, Dataset<Row> rows) {
    return new StepOutput(
        put(tables, port, rows), fitted, sameModels, aside, metrics, quarantined, accounts);
  }

  /** And one more model. */
  public StepOutput withModel(String port, MLWritable model) {
    return new StepOutput(
        tables, fitted.with(port, model), sameModels, aside, metrics, quarantined, accounts);
  }

  /** And what the model at a port takes and gives. */
  public StepOutput withSignature(String port, ModelSignature signature) {
    return new StepOutput(
        tables, fitted.with(port, signature), sameModels, aside, metrics, quarantined, accounts);
  }

  /** A version of a registered model, and nothing else. */
  public static StepOutput registration(String port, Registration registration) {
    return new StepOutput(
        map(), Fitted.NONE.with(port, registration), map(), map(), map(), map(), map());
  }

  /**
   * And rows that are not published but kept under the run as JSON lines, such as records that
   * could not be parsed. Counted as the metric {@code <name>_rows}; no file is made of no rows.
   */
  public StepOutput withAside(String name, Dataset<Row> rows) {
    return new StepOutput(
        tables, fitted, sameModels, put(aside, name, rows), metrics, quarantined, accounts);
  }

  /**
   * And rows that do not belong to the table at a port but to its quarantine: the table's columns
   * as far as they are known (a missing one is null), {@code _rules} (array of texts: the ids of
   * the rules that each row broke), and if known {@code _reason} (text), {@code _source_file}
   * (text) and {@code _record} (text: the record as it was read). They count towards the gate's
   * {@code max-quarantine}.
   */
  public StepOutput withQuarantined(String port, Dataset<Row> rows) {
    return new StepOutput(
        tables, fitted, sameModels, aside, metrics, put(quarantined, port, rows), accounts);
  }

  /** And where the rows went that were read for the table at a port; the gate checks the sum. */
  public StepOutput withAccount(String port, RowAccount account) {
    return new StepOutput(
        tables, fitted, sameModels, aside, metrics, quarantined, put(accounts, port, account));
  }

  /** And a metric. */
  public StepOutput withMetric(String name, double value) {
    return new StepOutput(
        tables, fitted, sameModels, aside, put(metrics, name, value), quarantined, accounts);
  }

  public SortedMap<String, Dataset<Row>> tables() {
    return tables;
  }

  public SortedMap<String, MLWritable> models() {
    return fitted.models;
  }

  /** What the models take and give, by output port, as far as the step said. */
  public SortedMap<String, ModelSignature> signatures() {
    return fitted.signatures;
  }

  /** Models to be registered, by output port. */
  public SortedMap<String, Registration> registrations() {
    return fitted.registrations;
  }

  /** Input port by output port. */
  public SortedMap<String, String> sameModels() {
    return sameModels;
  }

  public SortedMap<String, Dataset<Row>> aside() {
    return aside;
  }

  public SortedMap<String, Double> metrics() {
    return metrics;
  }

  /** Rows for the quarantine by output port. */
  public SortedMap<String, Dataset<Row>> quarantined() {
    return quarantined;
  }

  /** Accounts of rows by output port. */
  public SortedMap<String, RowAccount> accounts() {
    return accounts;
  }

  private static <V> SortedMap<String, V> map() {
    return Collections.emptySortedMap();
  }

  private static <V> SortedMap<String, V> put(SortedMap<String, V> map, String key, V value) {
    SortedMap<String, V> copy = new TreeMap<>(map);
    copy.put(key, value);
    return Collections.unmodifiableSortedMap(copy);
  }

  /** Fitted models and what is known of them, by output port. */
  private record Fitted(
      SortedMap<String, MLWritable> models,
      SortedMap<String, ModelSignature> signatures,
      SortedMap<String, Registration> registrations) {

    static final Fitted NONE = new Fitted(map(), map(), map());

    Fitted with(String port, MLWritable model) {
      return new Fitted(put(models, port, model), signatures, registrations);
    }

    Fitted with(String port, ModelSignature signature) {
      return new Fitted(models, put(signatures, port, signature), registrations);
    }

    Fitted with(String port, Registration registration) {
      return new Fitted(models, signatures, put(registrations, port, registration));
    }
  }
}
