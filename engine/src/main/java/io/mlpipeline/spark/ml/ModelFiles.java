package io.mlpipeline.spark.ml;

import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import io.mlpipeline.model.ModelManifest;
import io.mlpipeline.model.StagedModel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.function.Function;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.util.MLWritable;
import org.apache.spark.sql.SparkSession;

/**
 * Writes fitted models as directories and loads them again.
 *
 * <p>A model is written once, under a path of its own, and never replaced: MLlib's own overwrite
 * deletes first, so that a crash would leave no model at all. It is loaded only if its files are
 * those of its manifest, byte by byte and no others, if they have the digest that the model goes
 * by, so that a manifest that was made to fit gains nothing, and if everything that they would make
 * Spark run is trusted. Whoever can write to the directory in the moment between this check and
 * MLlib's reading is not kept out.
 *
 * <p>Failures of the store come out as {@link UncheckedIOException}; whatever is wrong with the
 * model itself as {@link EngineException}, of type {@link ErrorType#STORAGE_CORRUPT} on loading and
 * {@link ErrorType#STEP_FAILED} on writing. A write that failed leaves files that nobody reads.
 */
public final class ModelFiles {

  private ModelFiles() {}

  /** Writes a model that is made of MLlib's and the engine's classes only. */
  public static StagedModel write(
      MLWritable model, String port, String name, String warehouseUri, String uri) {
    return write(model, port, name, warehouseUri, uri, List.of());
  }

  /**
   * Writes a model to a directory that must not exist yet, and says what is in it. Uses the
   * thread's active session.
   *
   * @param port the step's port
   * @param name the model's name
   * @param warehouseUri the warehouse
   * @param uri the directory, relative to the warehouse
   * @param classes classes, or prefixes that end in a dot, that are trusted besides
   */
  public static StagedModel write(
      MLWritable model,
      String port,
      String name,
      String warehouseUri,
      String uri,
      List<String> classes) {
    SparkSession spark = SparkSession.active();
    Function<String, EngineException> problem = what -> unloadable(name, what);
    ModelDirectory directory = directory(spark, warehouseUri, uri, problem);
    try {
      model.write().save(directory.uri());
    } catch (IOException e) {
      throw new UncheckedIOException("writing model " + name + " to " + uri, e);
    }
    try {
      ModelContent content = directory.read();
      new ModelClasses(classes, new ModelSql(spark), problem).check(content);
      return new StagedModel(port, name, uri, content.digest(), content.files());
    } catch (IOException e) {
      throw new UncheckedIOException("reading back model " + name + " from " + uri, e);
    }
  }

  /**
   * Loads a model that is exactly as its manifest says.
   *
   * @param classes classes, or prefixes that end in a dot, that are trusted besides MLlib's and the
   *     engine's
   * @throws EngineException if a file is missing, changed, added or a link, if all of them are not
   *     what the digest says, or if something that they name is not trusted; nothing of the model
   *     has run then
   */
  public static Transformer load(
      SparkSession spark, String warehouseUri, ModelManifest manifest, List<String> classes) {
    Function<String, EngineException> problem = what -> corrupt(manifest, what);
    ModelDirectory directory = directory(spark, warehouseUri, manifest.uri(), problem);
    try {
      ModelContent content = directory.verify(manifest.files());
      new ModelClasses(classes, new ModelSql(spark), problem).check(content);
      String digest = content.digest();
      if (!digest.equals(manifest.digest())) {
        throw problem.apply(
            "its manifest was altered: the files have the digest "
                + digest
                + " and not "
                + manifest.digest());
      }
      return ModelLoading.load(spark, manifest, directory.uri(), content.topClass());
    } catch (IOException e) {
      throw new UncheckedIOException(
          "reading model " + manifest.name() + " from " + manifest.uri(), e);
    }
  }

  private static ModelDirectory directory(
      SparkSession spark,
      String warehouseUri,
      String uri,
      Function<String, EngineException> problem) {
    Configuration conf = spark.sessionState().newHadoopConf();
    if (!ModelDirectory.isInside(uri)) {
      throw problem.apply("its directory '" + uri + "' is not inside the warehouse");
    }
    return new ModelDirectory(conf, warehouseUri, uri, problem);
  }

  private static EngineException corrupt(ModelManifest manifest, String problem) {
    return new EngineException(
        ErrorType.STORAGE_CORRUPT,
        "model " + manifest.name() + " in " + manifest.uri() + ": " + problem);
  }

  private static EngineException unloadable(String name, String problem) {
    return new EngineException(
        ErrorType.STEP_FAILED, "model " + name + " could be written but never loaded: " + problem);
  }
}
