package io.mlpipeline.steps;

import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import io.mlpipeline.model.PinnedFile;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.io.compress.CompressionCodec;
import org.apache.hadoop.io.compress.CompressionCodecFactory;

/**
 * Reads the first line of every CSV file, so that columns are found by name in each: Spark itself
 * takes them by position once a schema is given. Files of one header are read together.
 */
final class CsvHeaders {

  private static final int LONGEST_HEADER = 1 << 20;

  private CsvHeaders() {}

  /** Files by header, in the order of the files; files without a line are left out. */
  static Map<List<String>, List<PinnedFile>> group(
      List<PinnedFile> files, RawOptions options, Configuration hadoop) {
    Map<List<String>, List<PinnedFile>> groups = new LinkedHashMap<>();
    for (PinnedFile file : files) {
      String line = file.size() == 0 ? "" : firstLine(file, options, hadoop);
      if (!line.isEmpty()) {
        groups.computeIfAbsent(split(line, options), h -> new ArrayList<>()).add(file);
      }
    }
    return groups;
  }

  /** The fields of one line, without quotes and surrounding white space. */
  static List<String> split(String line, RawOptions options) {
    List<String> fields = new ArrayList<>();
    StringBuilder field = new StringBuilder();
    boolean quoted = false;
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      boolean quoteNext = i + 1 < line.length() && line.charAt(i + 1) == options.quote();
      if (quoted && c == options.escape() && quoteNext) {
        field.append(options.quote());
        i++;
      } else if (c == options.quote()) {
        quoted = !quoted;
      } else if (!quoted && line.startsWith(options.delimiter(), i)) {
        fields.add(field.toString().strip());
        field.setLength(0);
        i += options.delimiter().length() - 1;
      } else {
        field.append(c);
      }
    }
    fields.add(field.toString().strip());
    return List.copyOf(fields);
  }

  private static String firstLine(PinnedFile file, RawOptions options, Configuration hadoop) {
    Path path = new Path(file.path());
    CompressionCodec codec = new CompressionCodecFactory(hadoop).getCodec(path);
    try (InputStream bytes = path.getFileSystem(hadoop).open(path);
        InputStream plain = codec == null ? bytes : codec.createInputStream(bytes);
        BufferedReader reader =
            new BufferedReader(new InputStreamReader(plain, options.charset()))) {
      return firstLine(reader, file, options);
    } catch (IOException e) {
      throw new EngineException(
          ErrorType.INPUT_GONE, "file " + file.name() + " could not be read: " + e.getMessage(), e);
    }
  }

  private static String firstLine(BufferedReader reader, PinnedFile file, RawOptions options)
      throws IOException {
    StringBuilder line = new StringBuilder();
    boolean inQuotes = false;
    for (int c = reader.read(); c >= 0; c = reader.read()) {
      inQuotes ^= options.multiLine() && c == options.quote();
      boolean end = !inQuotes && (c == '\n' || c == '\r');
      if (end && !isNone(line, options)) {
        break;
      }
      if (end) {
        line.setLength(0);
      } else if (c != '\uFEFF') {
        line.append((char) c);
      }
      if (line.length() > LONGEST_HEADER) {
        throw new EngineException(
            ErrorType.CONTRACT_BROKEN,
            "file %s has no line end in its first %d characters; is it a text file?"
                .formatted(file.name(), LONGEST_HEADER));
      }
    }
    return isNone(line, options) ? "" : line.toString();
  }

  /** Blank lines and comments are no header. */
  private static boolean isNone(StringBuilder line, RawOptions options) {
    Character comment = options.comment();
    return line.toString().isBlank() || (comment != null && line.charAt(0) == comment);
  }
}
