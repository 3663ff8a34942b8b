package io.mlpipeline.steps.train;

import io.mlpipeline.model.Names;
import io.mlpipeline.model.Suggestions;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.spark.ml.param.BooleanParam;
import org.apache.spark.ml.param.DoubleArrayParam;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.FloatParam;
import org.apache.spark.ml.param.IntArrayParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.LongParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.Params;
import org.jspecify.annotations.Nullable;

/**
 * An estimator's own params by their names in kebab-case. The estimator itself says which there
 * are, of which type, and which values are valid; nothing is declared a second time here.
 */
final class LearnerSettings {

  /** What the engine decides, so that results do not depend on machines. */
  private static final Set<String> OURS =
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

  private final String algorithm;
  private final Params estimator;
  private final SortedMap<String, Param<?>> known = new TreeMap<>();

  LearnerSettings(String algorithm, Params estimator) {
    this.algorithm = algorithm;
    this.estimator = estimator;
    for (Param<?> param : estimator.params()) {
      boolean ours = OURS.contains(param.name()) || param.name().endsWith("Col");
      if (!ours && isWritable(param)) {
        known.put(Names.kebab(param.name()), param);
      }
    }
  }

  /** The names of the params, in kebab-case, sorted. */
  Set<String> names() {
    return known.keySet();
  }

  /** Whether a param holds whole numbers only. */
  boolean isWhole(String name) {
    return known.get(name) instanceof IntParam || known.get(name) instanceof LongParam;
  }

  /** What is wrong with a value, as a sentence; null if it is fine. */
  @Nullable String problem(String where, String name, List<String> written) {
    Param<?> param = known.get(name);
    if (param == null) {
      return where + "." + name + " means nothing to " + algorithm + hint(name);
    }
    String shown = where + "." + name + " is " + shown(written);
    Object value;
    try {
      value = parsed(param, written);
    } catch (IllegalArgumentException e) {
      return shown + "; it must be " + e.getMessage();
    }
    return isValid(param, value) ? null : shown + ", which is out of range: " + doc(param);
  }

  /** Sets values that have no {@link #problem}. */
  void set(Map<String, List<String>> written) {
    written.forEach(
        (name, value) -> {
          Param<?> param = known.get(name);
          if (param == null) {
            throw new IllegalArgumentException(name);
          }
          estimator.set(param.name(), parsed(param, value));
        });
  }

  private String hint(String name) {
    if (name.equals("max-iter") && known.containsKey("num-trees")) {
      return " (see num-trees): take it out";
    }
    String near = Suggestions.didYouMean(name, known.keySet());
    return near == null ? ": its params are " + String.join(", ", known.keySet()) : "; " + near;
  }

  private static String shown(List<String> written) {
    return written.size() == 1 ? written.get(0) : written.toString();
  }

  /** MLlib's own words for what a param is, on one line and without its list of defaults. */
  private static String doc(Param<?> param) {
    return param.doc().strip().replaceAll("\\s+", " ");
  }

  @SuppressWarnings("unchecked") // a param's test takes what the param holds
  private static boolean isValid(Param<?> param, Object value) {
    return (Boolean) ((Param<Object>) param).isValid().apply(value);
  }

  private boolean isWritable(Param<?> param) {
    return param instanceof IntParam
        || param instanceof LongParam
        || param instanceof DoubleParam
        || param instanceof FloatParam
        || param instanceof BooleanParam
        || param instanceof IntArrayParam
        || param instanceof DoubleArrayParam
        || isText(param);
  }

  /** Whether it is a plain param of text; of matrices and vectors there are such, too. */
  private boolean isText(Param<?> param) {
    try {
      Type type = estimator.getClass().getMethod(param.name()).getGenericReturnType();
      return type instanceof ParameterizedType generic
          && generic.getActualTypeArguments()[0].equals(String.class);
    } catch (NoSuchMethodException e) {
      return false;
    }
  }

  /** Throws with what it must be, such as "a whole number". */
  private static Object parsed(Param<?> param, List<String> written) {
    if (param instanceof IntArrayParam) {
      return elements(written).mapToInt(text -> (int) whole(text, true)).toArray();
    }
    if (param instanceof DoubleArrayParam) {
      return elements(written).mapToDouble(LearnerSettings::number).toArray();
    }
    if (written.size() != 1) {
      throw new IllegalArgumentException("one value");
    }
    String text = written.get(0).strip();
    if (param instanceof IntParam) {
      return (int) whole(text, true);
    } else if (param instanceof LongParam) {
      return whole(text, false);
    } else if (param instanceof DoubleParam) {
      return number(text);
    } else if (param instanceof FloatParam) {
      return (float) number(text);
    } else if (param instanceof BooleanParam) {
      return truth(text);
    }
    return text;
  }

  private static Stream<String> elements(List<String> written) {
    List<String> all = new ArrayList<>();
    written.forEach(text -> all.addAll(Arrays.asList(text.strip().split("[\\s,]+", -1))));
    return all.stream();
  }

  private static long whole(String text, boolean small) {
    try {
      return small ? Integer.parseInt(text) : Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("a whole number", e);
    }
  }

  private static double number(String text) {
    try {
      double value = Double.parseDouble(text);
      if (Double.isFinite(value)) {
        return value;
      }
    } catch (NumberFormatException ignored) {
      // Said below.
    }
    throw new IllegalArgumentException("a finite number");
  }

  private static boolean truth(String text) {
    if (text.equals("true") || text.equals("false")) {
      return text.equals("true");
    }
    throw new IllegalArgumentException("true or false");
  }
}
