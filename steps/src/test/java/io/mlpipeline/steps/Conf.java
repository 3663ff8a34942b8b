package io.mlpipeline.steps;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import io.mlpipeline.model.ColumnSpec;
import io.mlpipeline.model.SchemaSpec;
import io.mlpipeline.step.SqlText;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.types.StructType;

/** The repository's conf folder, read in the plainest way. */
final class Conf {

  static final Path ROOT = root();

  private Conf() {}

  static SchemaSpec schema(String name) {
    Config config =
        ConfigFactory.parseFile(ROOT.resolve("schemas/" + name + ".conf").toFile()).resolve();
    List<Map.Entry<String, ConfigValue>> entries =
        new ArrayList<>(config.getObject("columns").entrySet());
    entries.sort(Comparator.comparingInt(e -> e.getValue().origin().lineNumber()));
    List<ColumnSpec> columns = new ArrayList<>();
    for (Map.Entry<String, ConfigValue> entry : entries) {
      if (entry.getValue() instanceof ConfigObject object) {
        Config column = object.toConfig();
        boolean nullable = !column.hasPath("nullable") || column.getBoolean("nullable");
        columns.add(new ColumnSpec(entry.getKey(), column.getString("type"), nullable));
      } else {
        columns.add(new ColumnSpec(entry.getKey(), (String) entry.getValue().unwrapped(), true));
      }
    }
    List<String> keys = config.hasPath("keys") ? config.getStringList("keys") : List.of();
    return new SchemaSpec(name, columns, keys);
  }

  /** Names and types, as a contract and a table can both tell them. */
  static List<String> columns(String schema) {
    return schema(schema).columns().stream().map(c -> c.name() + " " + c.type()).toList();
  }

  static List<String> columns(StructType schema) {
    return Arrays.stream(schema.fields())
        .map(f -> f.name() + " " + f.dataType().simpleString())
        .toList();
  }

  static SqlText sql(String name) {
    try {
      return new SqlText(Files.readString(ROOT.resolve("pipelines/" + name)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path root() {
    Path folder = Path.of("").toAbsolutePath();
    while (!Files.isDirectory(folder.resolve("conf/pipelines"))) {
      folder = folder.getParent();
    }
    return folder.resolve("conf");
  }
}
