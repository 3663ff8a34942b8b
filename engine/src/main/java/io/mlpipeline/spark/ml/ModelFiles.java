package io.mlpipeline.spark.ml;

import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import io.mlpipeline.model.ModelManifest;
import io.mlpipeline.model.StagedModel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.ml.util.MLWritable;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;

/**
 * Writes fitted models as directories and loads them again.
 *
 * <p>A model is written once, under a path of its own, and never replaced: MLlib's own overwrite
 * deletes first, so that a crash would leave no model at all. It is loaded only if its files are
 * those of its manifest, byte by byte, and if every class that its metadata would run is allowed.
 *
 * <p>Failures of the store come out as {@link UncheckedIOException}; whatever is wrong with the
 * model itself as {@link EngineException}, of type {@link ErrorType#STORAGE_CORRUPT} on loading and
 * {@link ErrorType#STEP_FAILED} on writing. A write that failed leaves files that nobody reads.
 */
public final class ModelFiles {

  private ModelFiles() {}

  /**
   * Writes a model to a directory that must not exist yet, and says what is in it. Uses the
   * thread's active session.
   *
   * @param port the step's port
   * @param name the model's name
   * @param warehouseUri the warehouse
   * @param uri the directory, relative to the warehouse
   */
  public static StagedModel write(
      MLWritable model, String port, String name, String warehouseUri, String uri) {
    ModelDirectory directory = directory(SparkSession.active(), name, warehouseUri, uri);
    try {
      model.write().save(directory.uri());
    } catch (IOException e) {
      throw new UncheckedIOException("writing model " + name + " to " + uri, e);
    }
    try {
      ModelContent content = directory.read();
      ModelClasses.check(content, problem -> unloadable(name, problem));
      return new StagedModel(port, name, uri, content.digest(), content.files());
    } catch (IOException e) {
      throw new UncheckedIOException("reading back model " + name + " from " + uri, e);
    }
  }

  /**
   * Loads a model that is exactly as its manifest says.
   *
   * @throws EngineException if a file is missing, changed, added or a link, or a class is not
   *     allowed; nothing of the model has run then
   */
  public static Transformer load(SparkSession spark, String warehouseUri, ModelManifest manifest) {
    String name = manifest.name();
    ModelDirectory directory = directory(spark, name, warehouseUri, manifest.uri());
    try {
      ModelContent content = directory.verify(manifest.files());
      ModelClasses.check(content, problem -> corrupt(name, problem));
      return load(spark, name, directory.uri(), content.topClass());
    } catch (IOException e) {
      throw new UncheckedIOException("reading model " + name + " from " + manifest.uri(), e);
    }
  }

  private static Transformer load(SparkSession spark, String name, String uri, String className) {
    if (className.equals(PipelineModel.class.getName())) {
      return PipelineModel.read().session(spark).load(uri);
    }
    try {
      Class<?> type =
          Class.forName(className, true, Thread.currentThread().getContextClassLoader());
      MLReader<?> reader = (MLReader<?>) type.getMethod("read").invoke(null);
      if (reader.session(spark).load(uri) instanceof Transformer loaded) {
        return loaded;
      }
      throw corrupt(name, "a " + className + " cannot score rows");
    } catch (InvocationTargetException e) {
      throw unreadable(name, className, e.getCause());
    } catch (ReflectiveOperationException e) {
      throw unreadable(name, className, e);
    }
  }

  private static ModelDirectory directory(
      SparkSession spark, String name, String warehouseUri, String uri) {
    Configuration conf = spark.sessionState().newHadoopConf();
    if (!ModelDirectory.isInside(uri)) {
      throw corrupt(name, "its directory '" + uri + "' is not inside the warehouse");
    }
    return new ModelDirectory(conf, name, warehouseUri, uri);
  }

  static EngineException corrupt(String name, String problem) {
    return new EngineException(ErrorType.STORAGE_CORRUPT, "model " + name + ": " + problem);
  }

  private static EngineException unloadable(String name, String problem) {
    return new EngineException(
        ErrorType.STEP_FAILED, "model " + name + " could be written but never loaded: " + problem);
  }

  private static EngineException unreadable(
      String name, String className, @Nullable Throwable cause) {
    return new EngineException(
        ErrorType.STORAGE_CORRUPT,
        "model " + name + ": class " + className + " could not be loaded; is its jar there?",
        cause);
  }

  /** The prefixes of the classes that a model may be made of. */
  static List<String> allowedClasses() {
    return List.of("org.apache.spark.ml.", "io.mlpipeline.");
  }
}
