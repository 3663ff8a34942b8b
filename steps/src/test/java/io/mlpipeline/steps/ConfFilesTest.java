package io.mlpipeline.steps;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import io.mlpipeline.model.ColumnSpec;
import io.mlpipeline.model.SchemaSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.types.DataType;
import org.junit.jupiter.api.Test;

/** What is committed beside the code says what the code says. */
class ConfFilesTest {

  @Test
  void everySchemaHasTypesThatSparkKnowsAndKeysThatAreColumns() throws IOException {
    List<Path> files =
        files(Conf.ROOT.resolve("schemas")).stream()
            .filter(f -> f.toString().endsWith(".conf"))
            .toList();
    assertThat(files).isNotEmpty();
    for (Path file : files) {
      SchemaSpec schema = Conf.schema(file.getFileName().toString().replace(".conf", ""));
      for (ColumnSpec column : schema.columns()) {
        assertThat(DataType.fromDDL(column.type()).simpleString()).isEqualTo(column.type());
      }
      assertThat(schema.columns()).extracting(ColumnSpec::name).containsAll(schema.keys());
    }
  }

  @Test
  void everyPipelineAndOverlayParses() throws IOException {
    List<Path> files =
        Stream.concat(
                files(Conf.ROOT.resolve("pipelines")).stream(),
                files(Conf.ROOT.resolve("env")).stream())
            .filter(f -> f.toString().endsWith(".conf"))
            .toList();
    assertThat(files).hasSizeGreaterThanOrEqualTo(3);
    for (Path file : files) {
      assertThat(ConfigFactory.parseFile(file.toFile()).isEmpty()).as(file.toString()).isFalse();
    }
  }

  @Test
  void theGuideShowsTheClassThatIsCompiled() throws IOException {
    Path repository = Conf.ROOT.getParent();
    Path source = Path.of("steps/src/test/java/io/mlpipeline/steps/example/AddRatio.java");
    String code = Files.readString(repository.resolve(source)).strip();
    assertThat(code.lines().count()).isLessThan(40);
    assertThat(Files.readString(repository.resolve("docs/writing-a-step.md"))).contains(code);
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().toList();
    }
  }
}
