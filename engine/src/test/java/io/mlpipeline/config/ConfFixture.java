package io.mlpipeline.config;

import io.mlpipeline.model.OutputKind;
import io.mlpipeline.model.StepTypeInfo;
import io.mlpipeline.model.StepTypeInfo.KeyInfo;
import io.mlpipeline.model.StepTypeInfo.ParamInfo;
import io.mlpipeline.model.StepTypeInfo.ParamType;
import io.mlpipeline.model.StepTypeInfo.PortInfo;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/** A project in a directory: a conf root, files in it, and a handful of step types. */
final class ConfFixture {

  final Path home;
  private final Map<String, String> settings = new LinkedHashMap<>();
  private final Map<String, String> variables = new LinkedHashMap<>();
  private String environment = "local";
  private List<String> seenJars = List.of();

  ConfFixture(Path home) {
    this.home = home;
    write("conf/schemas/events-v1.conf", "columns { id: bigint, day: date, score: double }");
    write("conf/schemas/rows-v1.conf", "columns { day: date, kind: string }\nkeys: [day]");
  }

  ConfFixture write(String file, String text) {
    return write(file, text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
  }

  ConfFixture write(String file, byte[] bytes) {
    try {
      Path path = home.resolve(file);
      Files.createDirectories(path.getParent());
      Files.write(path, bytes);
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  ConfFixture pipeline(String text) {
    return write("conf/pipelines/p.conf", text);
  }

  ConfFixture set(String key, String value) {
    settings.put(key, value);
    return this;
  }

  ConfFixture variable(String name, String value) {
    variables.put(name, value);
    return this;
  }

  ConfFixture environment(String name) {
    environment = name;
    return this;
  }

  List<String> seenJars() {
    return seenJars;
  }

  LoadedPipeline load() {
    return load("conf/pipelines/p.conf");
  }

  LoadedPipeline load(String file) {
    return PipelineLoader.load(
        new LoadRequest(
            Path.of(file),
            home,
            environment,
            settings,
            "/wh",
            variables,
            LocalDate.of(2026, 1, 31),
            jars -> {
              seenJars = jars;
              return new Types();
            }));
  }

  /** Every problem as the user sees it. */
  List<String> problems() {
    List<String> shown = new ArrayList<>();
    load().problems().forEach(p -> shown.add(p.toString()));
    return shown;
  }

  private static PortInfo table(String name) {
    return new PortInfo(name, OutputKind.TABLE, false);
  }

  private static PortInfo model(String name) {
    return new PortInfo(name, OutputKind.MODEL, false);
  }

  private static ParamInfo param(String name, ParamType type, String defaultText) {
    List<String> constants =
        type == ParamType.CHOICE ? List.of("logistic-regression", "random-forest") : List.of();
    return new ParamInfo(name, type, constants, defaultText);
  }

  private static ParamInfo keys(String name, String by, boolean searched) {
    String table =
        by.isEmpty()
            ? "* | color | word | red or blue"
            : """
            logistic-regression | max-iter | int | >= 0
            random-forest | num-trees | int | >= 1
            """;
    KeyInfo keys = new KeyInfo(by, searched, table);
    return new ParamInfo(name, ParamType.TEXT_LIST_MAP, List.of(), "", keys);
  }

  private static final class Types implements StepTypes {
    private final List<StepTypeInfo> all =
        List.of(
            new StepTypeInfo(
                "ingest",
                "x.Ingest",
                List.of(new PortInfo("raw", OutputKind.TABLE, false, true)),
                List.of(table("rows")),
                List.of(),
                true),
            new StepTypeInfo(
                "sql",
                "x.Sql",
                List.of(table("*")),
                List.of(table("*")),
                List.of(
                    param("query", ParamType.SQL, null),
                    param("window-days", ParamType.INTEGER, "30"),
                    param("arguments", ParamType.TEXT_MAP, "")),
                true),
            new StepTypeInfo(
                "train-classifier",
                "x.Train",
                List.of(table("rows")),
                List.of(model("model")),
                List.of(
                    param("algorithm", ParamType.CHOICE, "random-forest"),
                    param("max-iter", ParamType.INTEGER, "10"),
                    param("rate", ParamType.NUMBER, "0.1"),
                    param("shuffle", ParamType.BOOLEAN, "true"),
                    param("patience", ParamType.DURATION, "1m"),
                    param("label", ParamType.TEXT, "label"),
                    param("columns", ParamType.TEXT_LIST, ""),
                    param("numeric", ParamType.TEXT_LIST, ""),
                    param("key", ParamType.TEXT_LIST, ""),
                    param("seed", ParamType.INTEGER, "42"),
                    param("names", ParamType.TEXT_MAP, ""),
                    keys("learner", "algorithm", false),
                    keys("search", "algorithm", true),
                    keys("display", "", false)),
                false),
            new StepTypeInfo(
                "register",
                "x.Register",
                List.of(model("model")),
                List.of(model("model")),
                List.of(),
                true),
            new StepTypeInfo(
                "evaluate",
                "x.Evaluate",
                List.of(table("rows"), model("model")),
                List.of(table("metrics")),
                List.of(),
                true));

    @Override
    public Optional<StepTypeInfo> find(String uses) {
      return all.stream()
          .filter(t -> t.uses().equals(uses) || t.className().equals(uses))
          .findFirst();
    }

    @Override
    public SortedSet<String> names() {
      SortedSet<String> names = new TreeSet<>();
      all.forEach(t -> names.add(t.uses()));
      return names;
    }
  }
}
