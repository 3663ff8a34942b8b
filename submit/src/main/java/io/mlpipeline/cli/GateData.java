package io.mlpipeline.cli;

import io.mlpipeline.GateTrials;
import io.mlpipeline.model.EngineException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Which data a gate is tried on: versions of a dataset, or files. */
final class GateData {

  private static final List<String> FORMATS = List.of("csv", "json", "parquet", "orc");

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "DATASET",
      description = "Such as churn/features, churn/features@v3 or churn/features@v1,v3.")
  private @Nullable String dataset;

  @Option(
      names = "--path",
      paramLabel = "PATH",
      description = "A file or a folder of files instead of a dataset; may be repeated.")
  private List<String> paths = new ArrayList<>();

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description = "csv, json, parquet or orc; default: what the name of the path ends with.")
  private @Nullable String format;

  /** What was named, in the order it was named; at least one. */
  List<GateTrials.Data> all(Shell shell) {
    if ((dataset == null) == paths.isEmpty()) {
      throw EngineException.misused(
          dataset == null ? "nothing to look at was named" : "both a dataset and --path are named",
          "name a dataset such as churn/features@v3, or files by --path");
    }
    List<GateTrials.Data> all = new ArrayList<>();
    for (String path : paths) {
      all.add(new GateTrials.Files(located(path, shell), formatOf(path, shell)));
    }
    if (dataset != null) {
      all.addAll(versions(dataset));
    }
    return all;
  }

  /** The one that was named. */
  GateTrials.Data one(Shell shell) {
    List<GateTrials.Data> all = all(shell);
    if (all.size() > 1) {
      throw EngineException.misused("more than one version is named", "name one");
    }
    return all.get(0);
  }

  private static List<GateTrials.Data> versions(String dataset) {
    int at = dataset.indexOf('@');
    DatasetName name = DatasetName.parse(at < 0 ? dataset : dataset.substring(0, at));
    if (at < 0) {
      return List.of(new GateTrials.Version(name.pipeline(), name.name(), Optional.empty()));
    }
    List<GateTrials.Data> all = new ArrayList<>();
    for (String written : dataset.substring(at + 1).split(",", -1)) {
      String number = written.startsWith("v") ? written.substring(1) : written;
      if (!number.matches("[0-9]{1,18}")) {
        throw EngineException.misused(
            "'" + written + "' is no version", "write versions like churn/features@v1,v3");
      }
      all.add(
          new GateTrials.Version(
              name.pipeline(), name.name(), Optional.of(Long.parseLong(number))));
    }
    return all;
  }

  private static String located(String path, Shell shell) {
    if (path.matches("[a-zA-Z][a-zA-Z0-9+.-]+:.*")) {
      return path;
    }
    Path absolute = shell.workingDirectory().resolve(path).normalize();
    if (!Files.exists(absolute)) {
      throw EngineException.misused("'" + path + "' does not exist", "name a file or a folder");
    }
    return absolute.toString();
  }

  private String formatOf(String path, Shell shell) {
    Optional<String> told =
        format == null
            ? FileFormats.of(path, shell.workingDirectory().resolve(path))
            : Optional.of(format.toLowerCase(Locale.ROOT)).filter(FORMATS::contains);
    return told.orElseThrow(
        () ->
            EngineException.misused(
                "the format of '" + path + "' is not known",
                "add --format csv, json, parquet or orc"));
  }
}
