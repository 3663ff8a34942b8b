package io.mlpipeline.steps.train;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValue;
import io.mlpipeline.model.Names;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The guide's examples are what the trainers take. */
class TrainingDocTest {

  private static final Pattern EXAMPLE = Pattern.compile("```hocon\n(.*?)```", Pattern.DOTALL);

  @Test
  void everyExampleOfTheGuideIsTaken() throws IOException {
    Set<String> used = new HashSet<>();
    Matcher example = EXAMPLE.matcher(guide());
    while (example.find()) {
      Config step = ConfigFactory.parseString(example.group(1)).getConfig("train");
      used.add(step.getString("uses"));
      check(step.getString("uses"), step.getConfig("params"));
    }
    assertThat(used)
        .containsExactlyInAnyOrder(
            "train-classifier", "train-regressor", "train-recommender", "train-clusters");
  }

  @Test
  void theGuideNamesEveryAlgorithmAndParam() throws IOException {
    String guide = guide();
    List<String> words = new ArrayList<>();
    for (Class<? extends Enum<?>> algorithms :
        List.of(
            TrainClassifier.Algorithm.class,
            TrainRegressor.Algorithm.class,
            TrainRecommender.Algorithm.class,
            TrainClusters.Algorithm.class)) {
      Arrays.stream(algorithms.getEnumConstants()).forEach(a -> words.add(Names.kebab(a.name())));
    }
    for (Class<?> params : List.of(TrainClassifier.Params.class, TrainRegressor.Params.class)) {
      Arrays.stream(params.getRecordComponents()).forEach(c -> words.add(Names.kebab(c.getName())));
    }
    assertThat(words).allSatisfy(word -> assertThat(guide).contains(word));
  }

  private static void check(String uses, Config params) {
    switch (uses) {
      case "train-classifier" -> {
        TrainClassifier.Params given = given(TrainParams.of(algorithm(params)), params).build();
        ParamsCheck.check(given, TrainClassifier.learner(given));
      }
      case "train-regressor" -> {
        TrainRegressor.Algorithm algorithm =
            TrainRegressor.Algorithm.valueOf(constant(params.getString("algorithm")));
        TrainRegressor.Params given = given(TrainParams.of(algorithm), params).build();
        ParamsCheck.check(given, TrainRegressor.learner(given));
      }
      case "train-clusters" -> {
        TrainClusters.Params given =
            given(TrainParams.of(TrainClusters.Algorithm.K_MEANS), params).build();
        ParamsCheck.check(given, TrainClusters.learner(given));
      }
      default -> {
        TrainRecommender.Params given = given(TrainParams.recommender(), params).build();
        ParamsCheck.check(TrainRecommender.learner(given));
      }
    }
  }

  private static TrainClassifier.Algorithm algorithm(Config params) {
    return TrainClassifier.Algorithm.valueOf(constant(params.getString("algorithm")));
  }

  private static <P extends Record> TrainParams<P> given(TrainParams<P> params, Config written) {
    Map<String, RecordComponent> components = new TreeMap<>();
    Arrays.stream(params.type().getRecordComponents())
        .forEach(c -> components.put(Names.kebab(c.getName()), c));
    assertThat(components.keySet()).containsAll(written.root().keySet());
    written
        .root()
        .forEach(
            (key, value) ->
                params.with(components.get(key).getName(), value(components.get(key), value)));
    return params;
  }

  private static Object value(RecordComponent component, ConfigValue value) {
    Class<?> type = component.getType();
    String text = String.valueOf(value.unwrapped());
    if (type == int.class) {
      return Integer.valueOf(text);
    } else if (type == double.class) {
      return Double.valueOf(text);
    } else if (type == List.class) {
      return texts(value.unwrapped());
    } else if (type == Map.class) {
      boolean lists = component.getGenericType().getTypeName().contains("List");
      Map<String, Object> map = new TreeMap<>();
      ((Map<?, ?>) value.unwrapped())
          .forEach((k, v) -> map.put((String) k, lists ? texts(v) : String.valueOf(v)));
      return map;
    } else if (type.isEnum()) {
      return Arrays.stream(type.getEnumConstants())
          .filter(c -> ((Enum<?>) c).name().equals(constant(text)))
          .findFirst()
          .orElseThrow();
    }
    return text;
  }

  private static List<String> texts(Object value) {
    return value instanceof List<?> list
        ? list.stream().map(String::valueOf).toList()
        : List.of(String.valueOf(value));
  }

  private static String constant(String text) {
    return text.toUpperCase(java.util.Locale.ROOT).replace('-', '_');
  }

  private static String guide() throws IOException {
    Path folder = Path.of("").toAbsolutePath();
    while (!Files.isDirectory(folder.resolve("conf/pipelines"))) {
      folder = folder.getParent();
    }
    return Files.readString(folder.resolve("docs/training.md"));
  }
}
