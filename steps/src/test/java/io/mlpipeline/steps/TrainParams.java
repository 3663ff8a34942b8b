package io.mlpipeline.steps;

import io.mlpipeline.step.Default;
import io.mlpipeline.steps.TrainClassifier.Algorithm;
import io.mlpipeline.steps.TrainClassifier.ClassWeights;
import io.mlpipeline.steps.TrainClassifier.HandleInvalid;
import io.mlpipeline.steps.TrainClassifier.Impute;
import io.mlpipeline.steps.TrainClassifier.Params;
import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Params of the trainer, with the defaults that are written on the record. */
final class TrainParams {

  private final Map<String, Object> values = new TreeMap<>();

  static TrainParams of(Algorithm algorithm) {
    return new TrainParams().with("algorithm", algorithm).with("label", "churned");
  }

  TrainParams numeric(String... columns) {
    return with("numeric", List.of(columns));
  }

  TrainParams categorical(String... columns) {
    return with("categorical", List.of(columns));
  }

  TrainParams with(String component, Object value) {
    values.put(component, value);
    return this;
  }

  Params build() {
    RecordComponent[] components = Params.class.getRecordComponents();
    Object[] arguments = new Object[components.length];
    Class<?>[] types = new Class<?>[components.length];
    for (int i = 0; i < components.length; i++) {
      RecordComponent component = components[i];
      types[i] = component.getType();
      arguments[i] =
          values.containsKey(component.getName())
              ? values.get(component.getName())
              : parsed(types[i], component.getAnnotation(Default.class).value());
    }
    try {
      return Params.class.getDeclaredConstructor(types).newInstance(arguments);
    } catch (ReflectiveOperationException e) {
      throw new AssertionError(e);
    }
  }

  private static Object parsed(Class<?> type, String text) {
    String constant = text.toUpperCase(Locale.ROOT).replace('-', '_');
    if (type == List.class) {
      return List.of();
    } else if (type == int.class) {
      return Integer.parseInt(text);
    } else if (type == long.class) {
      return Long.parseLong(text);
    } else if (type == double.class) {
      return Double.parseDouble(text);
    } else if (type == ClassWeights.class) {
      return ClassWeights.valueOf(constant);
    } else if (type == Impute.class) {
      return Impute.valueOf(constant);
    } else if (type == HandleInvalid.class) {
      return HandleInvalid.valueOf(constant);
    }
    return text;
  }
}
