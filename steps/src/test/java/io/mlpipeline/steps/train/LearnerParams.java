package io.mlpipeline.steps.train;

import io.mlpipeline.model.Names;
import java.lang.invoke.SerializedLambda;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.spark.ml.param.BooleanParam;
import org.apache.spark.ml.param.DoubleArrayParam;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntArrayParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.Params;

/**
 * What an estimator says of its params, as lines of a table. The bounds of MLlib's own validators
 * are read from what these functions have captured; for the few others they are written here, and
 * tried on values.
 */
final class LearnerParams {

  /** What the engine decides, so that results do not depend on machines. */
  private static final Set<String> DECIDED =
      Set.of(
          "seed",
          "checkpointInterval",
          "cacheNodeIds",
          "maxMemoryInMB",
          "aggregationDepth",
          "maxBlockSizeInMB",
          "numUserBlocks",
          "numItemBlocks",
          "intermediateStorageLevel",
          "finalStorageLevel",
          "coldStartStrategy",
          "thresholds");

  /** Lines that are stricter than the estimator. */
  private static final Map<String, String> OURS =
      Map.of(
          "als | max-iter",
          "int | >= 0 and <= 15 | more rounds would overflow the stack of Spark's tasks; factors"
              + " hardly change any more by then");

  /** What the validators allow that are no ready-made ones, by type and name. */
  private static final Map<String, String> SPECIAL =
      Map.of(
          "layers", "> 0 and size >= 2",
          "variancePower", "0 or >= 1",
          "featureSubsetStrategy",
              "auto or all or onethird or sqrt or log2 or whole >= 1 or > 0 and <= 1");

  private LearnerParams() {}

  static boolean isOurs(String algorithm, String key) {
    return OURS.containsKey(algorithm + " | " + key);
  }

  static Param<?> find(Params estimator, String key) {
    return Arrays.stream(estimator.params())
        .filter(p -> Names.kebab(p.name()).equals(key))
        .findFirst()
        .orElseThrow(() -> new AssertionError(key + " is no param of MLlib's"));
  }

  @SuppressWarnings("unchecked") // a param's test takes what the param holds
  static boolean isValid(Param<?> param, Object value) {
    return (Boolean) ((Param<Object>) param).isValid().apply(value);
  }

  static List<String> of(String algorithm, Params estimator) {
    Map<String, String> lines = new TreeMap<>();
    for (Param<?> param : estimator.params()) {
      boolean decided = DECIDED.contains(param.name()) || param.name().endsWith("Col");
      if (!decided && isPlain(param, estimator)) {
        String name = algorithm + " | " + Names.kebab(param.name());
        String line = OURS.containsKey(name) ? OURS.get(name) : line(param);
        lines.put(name, name + " | " + line);
      }
    }
    if (lines.containsKey(algorithm + " | num-trees")) {
      lines.put(algorithm + " | max-iter", algorithm + " | max-iter | see | num-trees");
    }
    return List.copyOf(lines.values());
  }

  private static String line(Param<?> param) {
    boolean word =
        type(param).equals("text") && !validator(param).getImplMethodName().contains("inArray");
    String type = word ? "word" : type(param);
    return (type + " | " + allowed(param)).replaceAll(" [|] $", "");
  }

  private static String type(Param<?> param) {
    if (param instanceof IntParam) {
      return "int";
    } else if (param instanceof DoubleParam) {
      return "double";
    } else if (param instanceof BooleanParam) {
      return "boolean";
    } else if (param instanceof IntArrayParam) {
      return "ints";
    } else if (param instanceof DoubleArrayParam) {
      return "doubles";
    }
    if (!param.getClass().equals(Param.class)) {
      throw new AssertionError(param.name() + " is of a type without a name in tables");
    }
    return "text";
  }

  /** Matrices and vectors cannot be written. */
  private static boolean isPlain(Param<?> param, Params estimator) {
    if (!param.getClass().equals(Param.class)) {
      return true;
    }
    try {
      Type type = estimator.getClass().getMethod(param.name()).getGenericReturnType();
      return type instanceof ParameterizedType generic
          && generic.getActualTypeArguments()[0].equals(String.class);
    } catch (NoSuchMethodException e) {
      throw new AssertionError(e);
    }
  }

  private static String allowed(Param<?> param) {
    SerializedLambda test = validator(param);
    String name = test.getImplMethodName();
    if (!test.getImplClass().endsWith("/ParamValidators$")) {
      String special = SPECIAL.get(param.name());
      return special == null ? options(param) : special;
    }
    if (name.contains("alwaysTrue")) {
      return "";
    } else if (name.contains("gtEq")) {
      return ">= " + number(test.getCapturedArg(0));
    } else if (name.contains("$gt$")) {
      return "> " + number(test.getCapturedArg(0));
    } else if (name.contains("inRange")) {
      String from = (Boolean) test.getCapturedArg(0) ? ">= " : "> ";
      String to = (Boolean) test.getCapturedArg(2) ? "<= " : "< ";
      return from + number(test.getCapturedArg(1)) + " and " + to + number(test.getCapturedArg(3));
    } else if (name.contains("inArray")) {
      return String.join(
          " or ", Arrays.stream((Object[]) test.getCapturedArg(0)).map(String::valueOf).toList());
    }
    throw new AssertionError(param.name() + " is tested by " + name + ", which is not known here");
  }

  /** The only place where some validators name their values is the documentation. */
  private static String options(Param<?> param) {
    String doc = param.doc().strip().replaceAll("\\s+", " ");
    int at = doc.indexOf("Supported options: ");
    if (at < 0) {
      throw new AssertionError(param.name() + " does not say what it takes: " + doc);
    }
    String values = doc.substring(at + "Supported options: ".length()).replaceAll("[.]$", "");
    return String.join(" or ", values.split(", "));
  }

  /** A Scala function of one line is a lambda that can be written, and shows what it captured. */
  private static SerializedLambda validator(Param<?> param) {
    try {
      Method replace = param.isValid().getClass().getDeclaredMethod("writeReplace");
      replace.setAccessible(true);
      return (SerializedLambda) replace.invoke(param.isValid());
    } catch (ReflectiveOperationException e) {
      throw new AssertionError(param.name() + " is tested by something that cannot be read", e);
    }
  }

  private static String number(Object captured) {
    double value = (Double) captured;
    return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
  }
}
