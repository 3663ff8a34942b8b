package io.mlpipeline.bench;

import static org.apache.spark.sql.functions.avg;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.log;
import static org.apache.spark.sql.functions.pmod;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;
import static org.apache.spark.sql.functions.xxhash64;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.classification.LogisticRegression;
import org.apache.spark.ml.classification.RandomForestClassifier;
import org.apache.spark.ml.evaluation.BinaryClassificationEvaluator;
import org.apache.spark.ml.feature.Imputer;
import org.apache.spark.ml.feature.OneHotEncoder;
import org.apache.spark.ml.feature.StringIndexer;
import org.apache.spark.ml.feature.VectorAssembler;
import org.apache.spark.ml.functions;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** {@code conf/pipelines/churn.conf} as one would write it for one's own use. */
final class HandWrittenChurn {

  private static final String CUSTOMERS =
      "customer_id BIGINT, signup_date DATE, plan STRING, region STRING, age INT,"
          + " monthly_fee DECIMAL(10,2), payment_method STRING, churned INT";
  private static final String EVENTS =
      "event_id BIGINT, customer_id BIGINT, event_time TIMESTAMP, event_type STRING,"
          + " amount DECIMAL(10,2), duration_seconds INT";
  private static final String[] NUMERIC =
      ("age monthly_fee tenure_days logins recent_logins purchases support_tickets failed_payments"
              + " spend session_seconds ticket_share failure_share days_since_last")
          .split(" ");
  private static final String[] CATEGORICAL = {"plan", "region", "payment_method"};
  private static final int SEED = 42;

  private final SparkSession spark;
  private final Path data;
  private final Path queries;
  private final String out;

  HandWrittenChurn(SparkSession spark, Path data, Path queries, String out) {
    this.spark = spark;
    this.data = data;
    this.queries = queries;
    this.out = out;
  }

  void run() throws IOException {
    ingest("customers.csv", CUSTOMERS, "customer_id", "customers");
    ingest("events", EVENTS, "event_id", "events");
    features();
    split();
    Dataset<Row> train = HandWritten.read(spark, out, "train_rows").cache();
    PipelineModel lr = logisticRegression(train);
    lr.write().overwrite().save(out + "/churn_lr");
    PipelineModel rf = randomForest(train);
    rf.write().overwrite().save(out + "/churn_rf");
    train.unpersist();
    evaluate(Map.of("churn_lr", lr, "churn_rf", rf));
  }

  private void ingest(String file, String schema, String key, String table) {
    Dataset<Row> rows =
        spark
            .read()
            .option("header", true)
            .option("mode", "DROPMALFORMED")
            .schema(schema)
            .csv(data.resolve(file).toString())
            .where(col(key).isNotNull())
            .dropDuplicates(key);
    HandWritten.save(rows, out, table);
  }

  private void features() throws IOException {
    HandWritten.read(spark, out, "customers").createOrReplaceTempView("customers");
    HandWritten.read(spark, out, "events").createOrReplaceTempView("events");
    String sql = Files.readString(queries.resolve("churn-features.sql"));
    HandWritten.save(spark.sql(sql, Map.of("window_days", 30)), out, "features");
  }

  private void split() {
    Dataset<Row> rows = HandWritten.read(spark, out, "features");
    Column bucket =
        pmod(xxhash64(col("customer_id").cast("string"), lit((long) SEED)), lit(10_000));
    HandWritten.save(rows.where(bucket.geq(2500)), out, "train_rows");
    HandWritten.save(rows.where(bucket.lt(2500)), out, "holdout_rows");
  }

  private static PipelineModel logisticRegression(Dataset<Row> train) {
    OneHotEncoder encoder =
        new OneHotEncoder()
            .setInputCols(suffixed(CATEGORICAL, "_index"))
            .setOutputCols(suffixed(CATEGORICAL, "_hot"));
    LogisticRegression learner =
        new LogisticRegression()
            .setLabelCol("churned")
            .setFeaturesCol("vector")
            .setMaxIter(50)
            .setRegParam(0.01);
    return new Pipeline()
        .setStages(new PipelineStage[] {indexer(), imputer(), encoder, assembler("_hot"), learner})
        .fit(train);
  }

  private static PipelineModel randomForest(Dataset<Row> train) {
    RandomForestClassifier learner =
        new RandomForestClassifier()
            .setLabelCol("churned")
            .setFeaturesCol("vector")
            .setNumTrees(40)
            .setMaxDepth(6)
            .setSubsamplingRate(1)
            .setSeed(SEED);
    return new Pipeline()
        .setStages(new PipelineStage[] {indexer(), imputer(), assembler("_index"), learner})
        .fit(train);
  }

  private static StringIndexer indexer() {
    return new StringIndexer()
        .setInputCols(CATEGORICAL)
        .setOutputCols(suffixed(CATEGORICAL, "_index"))
        .setHandleInvalid("keep");
  }

  private static Imputer imputer() {
    return new Imputer()
        .setInputCols(NUMERIC)
        .setOutputCols(suffixed(NUMERIC, "_filled"))
        .setStrategy("median");
  }

  private static VectorAssembler assembler(String suffix) {
    return new VectorAssembler()
        .setInputCols(
            Stream.concat(
                    Arrays.stream(suffixed(NUMERIC, "_filled")),
                    Arrays.stream(suffixed(CATEGORICAL, suffix)))
                .toArray(String[]::new))
        .setOutputCol("vector");
  }

  private static String[] suffixed(String[] names, String suffix) {
    return Arrays.stream(names).map(name -> name + suffix).toArray(String[]::new);
  }

  private void evaluate(Map<String, PipelineModel> models) {
    Dataset<Row> holdout = HandWritten.read(spark, out, "holdout_rows").cache();
    List<Dataset<Row>> tables = new ArrayList<>();
    models.forEach(
        (name, model) -> {
          Dataset<Row> scored = model.transform(holdout).cache();
          BinaryClassificationEvaluator evaluator =
              new BinaryClassificationEvaluator().setLabelCol("churned");
          double roc = evaluator.setMetricName("areaUnderROC").evaluate(scored);
          double pr = evaluator.setMetricName("areaUnderPR").evaluate(scored);
          for (Column slice :
              List.of(
                  lit("all"),
                  concat(lit("plan="), col("plan")),
                  concat(lit("region="), col("region")))) {
            tables.add(
                measured(scored, slice)
                    .withColumn("model", lit(name))
                    .withColumn("auc_roc", lit(roc))
                    .withColumn("auc_pr", lit(pr)));
          }
        });
    HandWritten.save(tables.stream().reduce(Dataset::union).orElseThrow(), out, "evaluation");
  }

  private static Dataset<Row> measured(Dataset<Row> scored, Column slice) {
    Column yes = col("churned").equalTo(1);
    Column said = col("prediction").equalTo(1);
    Column p = functions.vector_to_array(col("probability"), "float64").getItem(1);
    Column hits = sum(when(yes.and(said), 1).otherwise(0));
    Column misses = sum(when(yes.notEqual(said), 1).otherwise(0));
    return scored
        .groupBy(slice.as("slice"))
        .agg(
            count(lit(1)).as("rows"),
            avg(when(yes.equalTo(said), 1).otherwise(0)).as("accuracy"),
            hits.multiply(2).divide(hits.multiply(2).plus(misses)).as("f1"),
            avg(log(when(yes, p).otherwise(lit(1).minus(p))).multiply(-1)).as("log_loss"));
  }
}
