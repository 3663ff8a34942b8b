package io.mlpipeline.bench;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The files of the pipeline that {@link EditsBench} edits: twelve steps, two of them in a jar of
 * the pipeline's own. What may be edited stands between {@code @}s.
 */
final class EditsText {

  static final String CONFIG = "pipelines/edits.conf";

  private static final String PIPELINE =
      """
      @note-config@pipeline: edits
      jars: ["steps.jar"]

      params {
        candidate {
          key: [customer_id]
          label: churned
          numeric: [tenure, young, dear, purchases, cents]
          categorical: [plan]
        }
      }
      @note-config-inputs@
      inputs {
        raw_customers: { files: "data/customers.csv", format: csv }
        raw_events: { files: "data/events/{day}.csv", format: csv, schema: raw-events-v1 }
      }
      steps {
        customers {
          uses: ingest, inputs { raw: raw_customers }
          params { null-values: [@null-values@] }
          outputs { rows: { as: customers, schema: customers-v@schema@, gate: { block: ["RowCount > @gate-customers@"] } } }
        }
        enriched {
          uses: edits.steps.Enrich, inputs { rows: customers }
          params { young: @young@ }
          outputs { rows: { as: enriched, gate: { block: ["RowCount > @gate-enriched@"] } } }
        }
        events {
          uses: sql, inputs { raw: { dataset: raw_events, partitions: each } }
          params { query: "events.sql", arguments { least: @least@ } }
          outputs { rows: { as: events, partition: day, mode: partitions, gate: { block: ["RowCount > @gate-events@"] } } }
        }
        daily {
          uses: sql, inputs { events: { dataset: events, partitions: each } }
          params { query: "daily.sql" }
          outputs { rows: { as: daily, partition: day, mode: partitions, gate: { block: ["RowCount > @gate-daily@"] } } }
        }
        recent {
          uses: sql, inputs { daily: { dataset: daily, partitions: "window(3d)" } }
          params { query: "recent.sql" }
          outputs { rows: { as: recent, partition: day, mode: partitions } }
        }
        marks {
          uses: edits.steps.Marks, inputs { rows: recent }
          params { top: @top@ }
          outputs { rows: { as: marks, gate: { block: ["RowCount > @gate-marks@"] } } }
        }
        features {
          uses: sql, inputs { customers: enriched, daily: daily }
          params { query: "features.sql", arguments { cutoff: "@cutoff@", days: @days@ } }
          outputs { rows: { as: features, keys: [customer_id], gate: { block: ["RowCount > @gate-features@"] } } }
        }
        split {
          uses: split, inputs { rows: features }
          params { key: [customer_id], holdout: @holdout@, seed: @split-seed@ }
          outputs { train: { as: train_rows }, holdout: { as: holdout_rows } }
        }
        train_lr {
          uses: train-classifier, inputs { rows: train_rows }
          params: ${params.candidate} { algorithm: logistic-regression, learner { max-iter: @lr-iterations@, reg-param: @lr-penalty@ } }
          outputs { model: { as: churn_lr } }
        }
        train_tree {
          uses: train-classifier, inputs { rows: train_rows }
          params: ${params.candidate} { algorithm: decision-tree, learner { max-depth: @tree-depth@, max-bins: @tree-bins@ } }
          outputs { model: { as: churn_tree } }
        }
        evaluate {
          uses: evaluate, inputs { rows: holdout_rows, churn_lr: churn_lr, churn_tree: churn_tree }
          params { label: churned, slices: [@slices@], threshold: @threshold@, bootstrap: 0 }
          outputs { metrics: { as: evaluation, gate: { block: ["RowCount > @gate-evaluation@"] } } }
        }
        choose {
          uses: choose, inputs { metrics: evaluation, churn_lr: churn_lr, churn_tree: churn_tree }
          params { metric: @metric@ }
          outputs { model: { as: churn_model } }
        }
      }
      """;

  private static final String EVENTS =
      """
      @note-events@SELECT CAST(day AS DATE) AS day, event_id, customer_id, kind, cents
      FROM raw
      WHERE cents >= :least AND kind IN (@code-events@)
      """;

  private static final String DAILY =
      """
      -- What a customer did in a day.
      @note-daily@SELECT day, customer_id, @code-daily@ AS purchases, sum(cents) AS cents
      FROM events GROUP BY day, customer_id
      """;

  private static final String RECENT =
      """
      SELECT day, customer_id,
        sum(cents) OVER (
          PARTITION BY customer_id ORDER BY CAST(day AS TIMESTAMP)
          RANGE BETWEEN INTERVAL @code-recent@ DAYS PRECEDING AND CURRENT ROW@note-recent@
        ) AS cents
      FROM daily
      """;

  private static final String FEATURES =
      """
      WITH span AS (
        SELECT customer_id, sum(purchases) AS purchases, sum(cents) AS cents FROM daily
        WHERE day <= CAST(:cutoff AS DATE) AND day > date_sub(CAST(:cutoff AS DATE), :days)
        GROUP BY customer_id
      )@note-features@
      SELECT c.customer_id, c.plan, c.region, c.tenure, c.young, c.dear,
        @code-features@ AS purchases, coalesce(s.cents, 0) AS cents, c.churned
      FROM customers c LEFT JOIN span s ON s.customer_id = c.customer_id
      """;

  private static final String ENRICH =
      """
      package edits.steps;
      import io.mlpipeline.step.*;
      /** Says more of customers. */
      @StepType(value = "enrich", inputs = @Port("rows"), outputs = @Port("rows"))
      public final class Enrich implements Step<Enrich.Params> {
        public record Params(int young) {}
        @note-enrich@
        @Override
        public StepOutput run(StepContext context, Params params) {
          return StepOutput.table("rows", Tenure.added(context.input("rows"), params.young()@code-enrich@));
        }
      }
      """;

  private static final String TENURE =
      """
      package edits.steps;
      import static org.apache.spark.sql.functions.*;
      import org.apache.spark.sql.*;
      final class Tenure {
        static Dataset<Row> added(Dataset<Row> rows, int young) {
          return rows.withColumn("tenure", Days.since(col("signed_up"))@code-tenure@)
              .withColumn("young", col("age").leq(young).cast("int"))
              .withColumn("dear", Cents.rounded(col("fee")));
        }
      }
      """;

  private static final String DAYS =
      """
      package edits.steps;
      import static org.apache.spark.sql.functions.*;
      import org.apache.spark.sql.Column;
      /** Time that has gone by. */
      final class Days {
        @note-days@
        static Column since(Column day) {
          return datediff(to_date(lit("2024-06-01")), day)@code-days@;
        }
      }
      """;

  private static final String CENTS =
      """
      package edits.steps;
      import static org.apache.spark.sql.functions.*;
      import org.apache.spark.sql.Column;
      final class Cents {
        static Column rounded(Column cents) {
          return floor(cents.divide(@code-cents@)).cast("bigint");
        }
      }
      """;

  private static final String MARKS =
      """
      package edits.steps;
      import static org.apache.spark.sql.functions.*;
      import io.mlpipeline.step.*;
      /** The customers of a day who spend most. */
      @StepType(value = "marks", inputs = @Port("rows"), outputs = @Port("rows"))
      public final class Marks implements Step<Marks.Params> {
        public record Params(int top) {}
        @Override
        public StepOutput run(StepContext context, Params params) {
          return StepOutput.table("rows", context.input("rows")
              .withColumn("rank", Ranks.within(col("cents")))
              .where(col("rank").leq(params.top()@code-marks@)));
        }
      }
      """;

  private static final String RANKS =
      """
      package edits.steps;
      import static org.apache.spark.sql.functions.*;
      import org.apache.spark.sql.Column;
      import org.apache.spark.sql.expressions.Window;
      final class Ranks {
        @note-ranks@
        static Column within(Column cents) {
          return row_number().over(Window.partitionBy("day").orderBy(Cents.rounded(cents).@code-ranks@(), col("customer_id")));
        }
      }
      """;

  private EditsText() {}

  /** Text files by path, with what may be edited still in them. */
  static Map<String, String> files() {
    Map<String, String> files = new LinkedHashMap<>();
    files.put(CONFIG, PIPELINE);
    files.put("pipelines/events.sql", EVENTS);
    files.put("pipelines/daily.sql", DAILY);
    files.put("pipelines/recent.sql", RECENT);
    files.put("pipelines/features.sql", FEATURES);
    files.put(
        "schemas/raw-events-v1.conf",
        "columns { day: string, event_id: bigint, customer_id: bigint, kind: string, cents: bigint"
            + " }\n");
    return files;
  }

  /** The Java sources of the pipeline's jar by class. */
  static Map<String, String> sources() {
    Map<String, String> sources = new LinkedHashMap<>();
    sources.put("edits.steps.Enrich", ENRICH);
    sources.put("edits.steps.Tenure", TENURE);
    sources.put("edits.steps.Days", DAYS);
    sources.put("edits.steps.Cents", CENTS);
    sources.put("edits.steps.Marks", MARKS);
    sources.put("edits.steps.Ranks", RANKS);
    return sources;
  }
}
