package io.mlpipeline.config;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Replaces the name of a SQL file by its text. */
final class SqlFiles {

  private static final String ENDING = ".sql";

  private final Path pipelineFolder;
  private final Path sqlFolder;
  private final TextFiles texts;
  private final HoconFiles files;
  private final Problems problems;

  SqlFiles(Path pipelineFile, Path confRoot, TextFiles texts, HoconFiles files, Problems problems) {
    Path folder = pipelineFile.getParent();
    this.pipelineFolder = folder == null ? confRoot : folder;
    this.sqlFolder = confRoot.resolve("sql");
    this.texts = texts;
    this.files = files;
    this.problems = problems;
  }

  /** The SQL; null if there is a problem, which is then reported. */
  @Nullable String text(Node node) {
    String written = node.text().strip();
    if (!written.endsWith(ENDING) || written.indexOf('\n') >= 0) {
      return node.text();
    }
    try {
      Path file = pipelineFolder.resolve(written).normalize();
      Path inFolder = sqlFolder.resolve(written).normalize();
      return read(Files.exists(file) || !Files.exists(inFolder) ? file : inFolder, node);
    } catch (InvalidPathException e) {
      problems.add(node.at(), "'" + Keys.clean(written) + "' is no path of a file");
      return null;
    }
  }

  private @Nullable String read(Path file, Node node) {
    if (!Files.exists(file)) {
      problems.add(
          node.at(),
          "the SQL file '" + Keys.clean(node.text()) + "' does not exist",
          "put it beside the pipeline, or into " + texts.show(sqlFolder));
      return null;
    }
    if (!files.isInside(file)) {
      problems.add(
          node.at(),
          "the SQL file '" + Keys.clean(node.text()) + "' is outside the conf root",
          "move it below the conf root");
      return null;
    }
    String text = texts.read(file, node.at());
    if (text != null && text.isBlank()) {
      problems.add(node.at(), "the SQL file '" + texts.show(file) + "' is empty");
    }
    return text;
  }
}
