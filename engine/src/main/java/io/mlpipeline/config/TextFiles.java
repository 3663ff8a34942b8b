package io.mlpipeline.config;

import io.mlpipeline.model.SourceLocation;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reads small text files, strictly, and remembers which. */
final class TextFiles {

  static final int LARGEST = 1 << 20;

  private final Path workingDirectory;
  private final Problems problems;
  private final Set<Path> read = new LinkedHashSet<>();
  private final SortedMap<String, String> texts = new TreeMap<>();

  TextFiles(Path workingDirectory, Problems problems) {
    this.workingDirectory = workingDirectory.toAbsolutePath().normalize();
    this.problems = problems;
  }

  Path absolute(Path path) {
    return workingDirectory.resolve(path).normalize();
  }

  Path workingDirectory() {
    return workingDirectory;
  }

  /** The file as a user who stands in the working directory names it. */
  String show(Path file) {
    Path absolute = absolute(file);
    boolean below = absolute.startsWith(workingDirectory) && !absolute.equals(workingDirectory);
    return Keys.clean((below ? workingDirectory.relativize(absolute) : absolute).toString());
  }

  List<Path> files() {
    return Collections.unmodifiableList(new ArrayList<>(read));
  }

  /** What was read, by the file as {@link #show} names it. */
  SortedMap<String, String> texts() {
    return texts;
  }

  /** The text of the file; null if there is a problem, which is then reported. */
  @Nullable String read(Path file, SourceLocation askedAt) {
    String shown = show(file);
    if (!Files.isRegularFile(file)) {
      problems.add(askedAt, "'" + shown + "' " + whatInstead(file));
      return null;
    }
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(LARGEST + 1);
      read.add(file);
      if (bytes.length > LARGEST) {
        problems.add(
            new SourceLocation(shown, 0), "the file is larger than 1 MiB", "keep data out of it");
        return null;
      }
      String text = decode(bytes, shown);
      if (text != null) {
        texts.put(shown, text);
      }
      return text;
    } catch (AccessDeniedException e) {
      problems.add(askedAt, "'" + shown + "' may not be read", "grant the permission");
    } catch (IOException e) {
      problems.add(askedAt, "'" + shown + "' cannot be read: " + e.getMessage());
    }
    return null;
  }

  private static String whatInstead(Path file) {
    if (Files.isDirectory(file)) {
      return "is a directory, not a file";
    }
    return Files.exists(file) ? "is not a regular file" : "does not exist";
  }

  private @Nullable String decode(byte[] bytes, String shown) {
    CharsetDecoder decoder =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    ByteBuffer in = ByteBuffer.wrap(bytes);
    CharBuffer out = CharBuffer.allocate(bytes.length + 1);
    CoderResult result = decoder.decode(in, out, true);
    String text = out.flip().toString();
    if (result.isError()) {
      problems.add(
          new SourceLocation(shown, lineAt(text, text.length())),
          "the file is not UTF-8",
          "save it as UTF-8");
      return null;
    }
    int nul = text.indexOf('\0');
    if (nul >= 0) {
      problems.add(new SourceLocation(shown, lineAt(text, nul)), "the file holds a NUL character");
      return null;
    }
    return text.startsWith("\uFEFF") ? text.substring(1) : text;
  }

  private static int lineAt(String text, int end) {
    int line = 1;
    for (int i = 0; i < end; i++) {
      line += text.charAt(i) == '\n' ? 1 : 0;
    }
    return line;
  }
}
