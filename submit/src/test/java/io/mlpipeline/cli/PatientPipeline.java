package io.mlpipeline.cli;

import io.mlpipeline.patience.Waits;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;

/** A pipeline of three steps whose second one waits until a file is there, or never ends well. */
final class PatientPipeline {

  private static final String PIPELINE =
      """
      pipeline: patient
      params { deaf: false, then: "" }
      inputs { raw: { files: ${conf-root}"/rows.csv", format: csv } }
      jars: ["%s"]
      steps {
        ingest { uses: ingest, inputs { raw: raw }, outputs { rows: { schema: rows-v1 } } }
        slow {
          uses: waits
          inputs { rows: rows }
          params { until: "%s", deaf: ${params.deaf}, then: ${params.then} }
          outputs { rows: { as: waited } }
        }
        totals {
          uses: sql
          inputs { rows: waited }
          params { query: "select plan, count(*) as n from rows group by plan" }
          outputs { totals: {} }
        }
      }
      """;

  private PatientPipeline() {}

  /** A jar of the step that waits. */
  static Path pack(Path directory) throws IOException {
    return pack(directory, Waits.class, Waits.Params.class);
  }

  /** A jar of steps. */
  static Path pack(Path directory, Class<?>... types) throws IOException {
    Path jar = directory.resolve(types[0].getSimpleName() + ".jar");
    try (OutputStream out = Files.newOutputStream(jar);
        JarOutputStream entries = new JarOutputStream(out)) {
      entries.putNextEntry(new JarEntry("META-INF/mlpipeline-steps"));
      for (Class<?> type : types) {
        String name = type.getName().replace('.', '/') + ".class";
        entries.putNextEntry(new JarEntry(name));
        try (InputStream in = type.getClassLoader().getResourceAsStream(name)) {
          in.transferTo(entries);
        }
      }
    }
    return jar;
  }

  /**
   * Writes its files into a folder; gives that of the pipeline.
   *
   * @param go the file that it waits for
   */
  static Path write(Path folder, Path jar, Path go) throws IOException {
    Files.createDirectories(folder.resolve("schemas"));
    Files.writeString(
        folder.resolve("schemas/rows-v1.conf"), "columns { id: \"int\", plan: \"string\" }\n");
    Files.writeString(folder.resolve("rows.csv"), "id,plan\n1,a\n2,b\n3,a\n");
    return Files.writeString(folder.resolve("patient.conf"), PIPELINE.formatted(jar, go));
  }
}
