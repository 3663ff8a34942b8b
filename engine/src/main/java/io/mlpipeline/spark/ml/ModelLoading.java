package io.mlpipeline.spark.ml;

import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import io.mlpipeline.model.ModelManifest;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import org.apache.spark.SparkThrowable;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;

/** Lets MLlib load a model whose files are in order, and says in plain words why it could not. */
final class ModelLoading {

  private ModelLoading() {}

  /**
   * Loads it.
   *
   * @throws EngineException of type {@code ENVIRONMENT_INVALID} if a class is on no class path, or
   *     the model does not fit this Spark; what befalls Spark or the store meanwhile comes as it is
   */
  static Transformer load(SparkSession spark, ModelManifest manifest, String uri, String top) {
    try {
      Object loaded = reader(top).session(spark).load(uri);
      if (loaded instanceof Transformer model) {
        return model;
      }
      throw failed(manifest, "a " + top + " cannot score rows", null);
    } catch (EngineException e) {
      throw e;
    } catch (Exception | LinkageError e) { // MLlib throws checked exceptions undeclared
      throw explained(manifest, e instanceof InvocationTargetException ? e.getCause() : e);
    }
  }

  private static MLReader<?> reader(String className) throws ReflectiveOperationException {
    if (className.equals(PipelineModel.class.getName())) {
      return PipelineModel.read();
    }
    Class<?> type = Class.forName(className, true, Thread.currentThread().getContextClassLoader());
    return (MLReader<?>) type.getMethod("read").invoke(null);
  }

  private static RuntimeException explained(ModelManifest manifest, @Nullable Throwable thrown) {
    for (Throwable at = thrown; at != null; at = at.getCause()) {
      if (at instanceof ClassNotFoundException || at instanceof NoClassDefFoundError) {
        String name = String.valueOf(at.getMessage()).replace('/', '.');
        return failed(
            manifest,
            "its class " + name + " is on no class path: name its jar under `jars` or in --jars",
            thrown);
      }
      if (at instanceof SparkThrowable || at instanceof IOException) {
        return thrown instanceof RuntimeException known ? known : new IllegalStateException(thrown);
      }
    }
    return failed(
        manifest,
        "Spark "
            + org.apache.spark.package$.MODULE$.SPARK_VERSION()
            + " cannot load it though its files are as they were written: "
            + firstLine(thrown),
        thrown);
  }

  private static String firstLine(@Nullable Throwable thrown) {
    String text = String.valueOf(thrown);
    int end = text.indexOf('\n');
    return end < 0 ? text : text.substring(0, end);
  }

  private static EngineException failed(
      ModelManifest manifest, String problem, @Nullable Throwable cause) {
    return new EngineException(
        ErrorType.ENVIRONMENT_INVALID,
        "model " + manifest.name() + " in " + manifest.uri() + ": " + problem,
        cause);
  }
}
