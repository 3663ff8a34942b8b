package io.mlpipeline.run;

import io.mlpipeline.model.Durations;
import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import io.mlpipeline.model.Names;
import io.mlpipeline.model.StepSpec;
import io.mlpipeline.step.Default;
import io.mlpipeline.step.SqlText;
import io.mlpipeline.step.Step;
import io.mlpipeline.step.StepContext;
import io.mlpipeline.step.StepOutput;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Makes a step and its params record from what the pipeline says. */
final class StepBinder {

  private final ClassLoader loader;

  StepBinder(ClassLoader loader) {
    this.loader = loader;
  }

  /** A step with its params, ready to run. */
  interface Bound {
    StepOutput run(StepContext context) throws Exception;
  }

  /** Loads the class, calls its constructor, fills the record; throws STEP_CLASS_INVALID. */
  @SuppressWarnings("unchecked")
  Bound bind(StepSpec spec, String className) {
    Class<?> type = load(spec, className);
    if (!Step.class.isAssignableFrom(type)) {
      throw invalid(spec, className + " does not implement " + Step.class.getName(), null);
    }
    Step<Record> step = (Step<Record>) create(spec, type);
    Record params = params(spec, paramsType(spec, type));
    return context -> step.run(context, params);
  }

  private Class<?> load(StepSpec spec, String className) {
    try {
      return Class.forName(className, true, loader);
    } catch (ClassNotFoundException | LinkageError e) {
      throw invalid(spec, "class " + className + " cannot be loaded: " + e, e);
    }
  }

  private static Object create(StepSpec spec, Class<?> type) {
    try {
      return type.getConstructor().newInstance();
    } catch (InvocationTargetException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw invalid(spec, "the constructor of " + type.getName() + " threw " + cause, cause);
    } catch (ReflectiveOperationException e) {
      throw invalid(
          spec, type.getName() + " needs to be public with a public constructor of no args", e);
    }
  }

  private static Class<?> paramsType(StepSpec spec, Class<?> type) {
    for (Class<?> at = type; at != null; at = at.getSuperclass()) {
      for (Type candidate : at.getGenericInterfaces()) {
        if (candidate instanceof ParameterizedType parameterized
            && parameterized.getRawType() == Step.class
            && parameterized.getActualTypeArguments()[0] instanceof Class<?> params
            && params.isRecord()) {
          return params;
        }
      }
    }
    throw invalid(spec, type.getName() + " must implement Step<SomeRecord> directly", null);
  }

  private static Record params(StepSpec spec, Class<?> type) {
    RecordComponent[] components = type.getRecordComponents();
    Object[] values = new Object[components.length];
    for (int i = 0; i < components.length; i++) {
      values[i] = value(spec, components[i]);
    }
    Class<?>[] types =
        Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
    try {
      Constructor<?> constructor = type.getDeclaredConstructor(types);
      constructor.setAccessible(true);
      return (Record) constructor.newInstance(values);
    } catch (InvocationTargetException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new EngineException(
          ErrorType.CONFIG_INVALID,
          spec.at() + ": step " + spec.name() + ": its params are refused: " + cause.getMessage(),
          cause);
    } catch (ReflectiveOperationException e) {
      throw invalid(spec, "the params record " + type.getName() + " cannot be made: " + e, e);
    }
  }

  private static Object value(StepSpec spec, RecordComponent component) {
    String key = Names.kebab(component.getName());
    Object written = spec.params().find(key);
    if (written == null) {
      Default fallback = component.getAnnotation(Default.class);
      if (fallback == null) {
        throw wrong(spec, key, "is missing");
      }
      written = fallback.value();
    }
    try {
      return convert(component, written);
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw wrong(spec, key, "cannot be " + written + ": " + e.getMessage());
    }
  }

  private static Object convert(RecordComponent component, Object written) {
    Class<?> type = component.getType();
    if (type == List.class) {
      return list(written);
    }
    if (type == Map.class) {
      boolean lists = component.getGenericType().getTypeName().endsWith("List<java.lang.String>>");
      return lists ? lists(written) : map(written);
    }
    String text = text(written);
    if (type == String.class) {
      return text;
    }
    if (type == SqlText.class) {
      return new SqlText(text);
    }
    if (type == Duration.class) {
      return duration(text);
    }
    if (type.isEnum()) {
      return constant(type, text);
    }
    return primitive(type, text);
  }

  private static Duration duration(String text) {
    Duration parsed = Durations.parse(text);
    if (parsed == null) {
      throw new IllegalArgumentException("a duration such as 30s, 5m or 2d is wanted");
    }
    return parsed;
  }

  private static Object primitive(Class<?> type, String text) {
    if (type == boolean.class) {
      if (!text.equals("true") && !text.equals("false")) {
        throw new IllegalArgumentException("true or false is wanted");
      }
      return Boolean.valueOf(text);
    }
    BigDecimal number = new BigDecimal(text.strip());
    if (type == int.class) {
      return number.intValueExact();
    }
    if (type == long.class) {
      return number.longValueExact();
    }
    if (type == double.class) {
      return number.doubleValue();
    }
    throw new IllegalArgumentException("no param may be of type " + type.getName());
  }

  private static Object constant(Class<?> type, String text) {
    for (Object constant : type.getEnumConstants()) {
      if (Names.kebab(((Enum<?>) constant).name()).equals(text)) {
        return constant;
      }
    }
    throw new IllegalArgumentException("it is none of " + Arrays.toString(type.getEnumConstants()));
  }

  private static List<String> list(Object written) {
    List<String> values = new ArrayList<>();
    if (written instanceof List<?> elements) {
      elements.forEach(e -> values.add(text(e)));
    } else if (!text(written).isEmpty()) {
      for (String part : text(written).split(",", -1)) {
        values.add(part.strip());
      }
    }
    return List.copyOf(values);
  }

  private static Map<String, String> map(Object written) {
    Map<String, String> values = new TreeMap<>();
    if (written instanceof Map<?, ?> entries) {
      entries.forEach((k, v) -> values.put((String) k, text(v)));
    } else if (!text(written).isEmpty()) {
      throw new IllegalArgumentException("a map is wanted");
    }
    return Collections.unmodifiableMap(values);
  }

  private static Map<String, List<String>> lists(Object written) {
    Map<String, List<String>> values = new TreeMap<>();
    if (written instanceof Map<?, ?> entries) {
      entries.forEach(
          (k, v) -> values.put((String) k, v instanceof List<?> ? list(v) : List.of(text(v))));
    } else if (!text(written).isEmpty()) {
      throw new IllegalArgumentException("a map of lists is wanted");
    }
    return Collections.unmodifiableMap(values);
  }

  private static String text(Object value) {
    return value instanceof BigDecimal number ? number.toPlainString() : String.valueOf(value);
  }

  private static EngineException wrong(StepSpec spec, String key, String what) {
    return new EngineException(
        ErrorType.CONFIG_INVALID,
        spec.at() + ": step " + spec.name() + ": params." + key + " " + what);
  }

  private static EngineException invalid(StepSpec spec, String what, @Nullable Throwable cause) {
    return new EngineException(
        ErrorType.STEP_CLASS_INVALID, spec.at() + ": step " + spec.name() + ": " + what, cause);
  }
}
