package io.mlpipeline.step;

import io.mlpipeline.model.Freshness;
import io.mlpipeline.model.ModelSignature;
import io.mlpipeline.model.OutputSpec;
import io.mlpipeline.model.Provenance;
import io.mlpipeline.model.SchemaSpec;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import org.apache.spark.ml.Transformer;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.slf4j.Logger;

/**
 * What a step is given for one attempt. Ports that the pipeline does not bind throw {@link
 * io.mlpipeline.model.EngineException}.
 */
public interface StepContext {

  /**
   * The attempt's own session: UTC, no ANSI, case-insensitive. Views made here are nobody else's.
   */
  SparkSession spark();

  /** The table at this port, at its pinned version. Files are read by their contract. */
  Dataset<Row> input(String port);

  /**
   * What the rows or the model at this port are, as the engine keys them: equal content gives equal
   * text. Of rows of a table the content digest and the schema's, of files a hash over them.
   */
  String inputIdentity(String port);

  /** The run's id. A column that holds it is called {@code _run}, and is no part of the content. */
  String run();

  /** Where what is bound to this port comes from; told to steps that read a model. */
  Optional<Provenance> provenance(String port);

  /**
   * How far rows are from those that a model learned from, by column: population stability index.
   * Profiles are kept by content, so the training rows need not be there any more.
   *
   * @param rowsPort the port of the rows
   * @param modelPort the port of the model
   * @param columns columns of both
   * @return empty if nobody knows what the model learned from, or it cannot be read any more
   */
  Optional<SortedMap<String, Distance>> distances(
      String rowsPort, String modelPort, List<String> columns);

  /**
   * The partitions that are to be made, by name, such as {@code day=2024-06-01}; inputs that are
   * read by partition hold what these are made of. Empty if the whole output is to be made.
   */
  default Optional<SortedSet<String>> partitions() {
    return Optional.empty();
  }

  /** All tables by port; models are left out. */
  SortedMap<String, Dataset<Row>> inputs();

  /** The files at this port as they lie there. */
  RawFiles files(String port);

  /** The files at this port; empty if it is bound to rows, of a table or a database. */
  Optional<RawFiles> findFiles(String port);

  /**
   * Which rows of the files at this port are asked for; empty for all. Who reads {@link #files}
   * sees to it; rows of {@link #input} were chosen already.
   */
  default Optional<RowSample> sample(String port) {
    return Optional.empty();
  }

  /**
   * How new the rows at this port must be by a column of theirs; empty if nothing is asked. Who
   * reads {@link #files} sees to it; rows of {@link #input} were judged already.
   */
  Optional<Freshness> freshness(String port);

  /** The contract of the input at this port, if it names one. */
  Optional<SchemaSpec> inputSchema(String port);

  /** The model at this port, checked against its manifest. */
  Transformer model(String port);

  /** Which model is bound to this port; nothing is loaded. */
  BoundModel boundModel(String port);

  /** What the model at this port takes and gives; empty if the step that trained it did not say. */
  Optional<ModelSignature> signature(String port);

  /** Dataset or model name by port of everything that is bound to a model. */
  SortedMap<String, String> models();

  /** What the pipeline says of the output at this port, if it has one. */
  Optional<OutputSpec> output(String port);

  /** Every output that the pipeline names, by port: for steps that leave their ports open. */
  SortedMap<String, OutputSpec> outputs();

  /** The step's logger. */
  Logger log();
}
