package io.mlpipeline.code;

import io.mlpipeline.model.Canonical;
import io.mlpipeline.model.OutputKind;
import io.mlpipeline.model.StepTypeInfo;
import io.mlpipeline.model.StepTypeInfo.KeyInfo;
import io.mlpipeline.model.StepTypeInfo.ParamInfo;
import io.mlpipeline.model.StepTypeInfo.ParamType;
import io.mlpipeline.model.StepTypeInfo.PortInfo;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Keeps what a scan found, with a checksum: 32 bytes of SHA-256, then the content. */
final class CodeCache {

  /** Raised whenever the form, or what a digest is made of, changes. */
  private static final String FORMAT = "mlpipeline code cache 3";

  private static final int CHECKSUM = 32;

  private CodeCache() {}

  /** What is kept under the stamp; empty if it is another's, damaged, or not there. */
  static Optional<Known> load(Path file, String stamp) {
    try {
      byte[] all = Files.readAllBytes(file);
      if (all.length < CHECKSUM) {
        return Optional.empty();
      }
      byte[] content = Arrays.copyOfRange(all, CHECKSUM, all.length);
      if (!MessageDigest.isEqual(
          Canonical.sha256().digest(content), Arrays.copyOf(all, CHECKSUM))) {
        return Optional.empty();
      }
      DataInputStream in = new DataInputStream(new ByteArrayInputStream(content));
      boolean fits = FORMAT.equals(text(in)) && stamp.equals(text(in));
      return fits ? Optional.of(read(in)) : Optional.empty();
    } catch (IOException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** Writes beside the file and moves, so that a reader sees all or nothing. */
  static void save(Path file, String stamp, Known known) {
    try {
      byte[] content = bytes(stamp, known);
      Path directory = file.toAbsolutePath().getParent();
      if (directory == null) {
        return;
      }
      Files.createDirectories(directory);
      Path fresh = Files.createTempFile(directory, "code-cache", ".tmp");
      try {
        Files.write(fresh, Canonical.sha256().digest(content));
        Files.write(fresh, content, StandardOpenOption.APPEND);
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
      } finally {
        Files.deleteIfExists(fresh);
      }
    } catch (IOException ignored) {
      // the next scan reads the jars again
    }
  }

  private static byte[] bytes(String stamp, Known known) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    text(out, FORMAT);
    text(out, stamp);
    out.writeInt(known.types().size());
    for (StepTypeInfo info : known.types().values()) {
      write(out, info);
      map(out, known.parts().getOrDefault(info.className(), new TreeMap<>()));
    }
    map(out, known.problems());
    return bytes.toByteArray();
  }

  private static Known read(DataInputStream in) throws IOException {
    SortedMap<String, StepTypeInfo> types = new TreeMap<>();
    SortedMap<String, SortedMap<String, String>> parts = new TreeMap<>();
    int count = in.readInt();
    for (int i = 0; i < count; i++) {
      StepTypeInfo info = info(in);
      types.put(info.className(), info);
      parts.put(info.className(), map(in));
    }
    return new Known(types, parts, map(in));
  }

  private static void write(DataOutputStream out, StepTypeInfo info) throws IOException {
    text(out, info.uses());
    text(out, info.className());
    ports(out, info.inputs());
    ports(out, info.outputs());
    out.writeInt(info.params().size());
    for (ParamInfo param : info.params()) {
      text(out, param.name());
      text(out, param.type().name());
      out.writeInt(param.constants().size());
      for (String constant : param.constants()) {
        text(out, constant);
      }
      String defaultText = param.defaultText();
      out.writeBoolean(defaultText != null);
      text(out, defaultText == null ? "" : defaultText);
      keys(out, param.keys());
    }
    out.writeBoolean(info.deterministic());
  }

  private static StepTypeInfo info(DataInputStream in) throws IOException {
    String uses = text(in);
    String className = text(in);
    List<PortInfo> inputs = ports(in);
    List<PortInfo> outputs = ports(in);
    List<ParamInfo> params = new ArrayList<>();
    int count = in.readInt();
    for (int i = 0; i < count; i++) {
      params.add(param(in));
    }
    return new StepTypeInfo(uses, className, inputs, outputs, params, in.readBoolean());
  }

  private static ParamInfo param(DataInputStream in) throws IOException {
    String name = text(in);
    ParamType type = ParamType.valueOf(text(in));
    List<String> constants = new ArrayList<>();
    int count = in.readInt();
    for (int i = 0; i < count; i++) {
      constants.add(text(in));
    }
    boolean hasDefault = in.readBoolean();
    String text = text(in);
    @Nullable String defaultText = hasDefault ? text : null;
    return new ParamInfo(name, type, constants, defaultText, keys(in));
  }

  private static void keys(DataOutputStream out, @Nullable KeyInfo keys) throws IOException {
    out.writeBoolean(keys != null);
    if (keys != null) {
      text(out, keys.by());
      out.writeBoolean(keys.searched());
      text(out, keys.text());
    }
  }

  private static @Nullable KeyInfo keys(DataInputStream in) throws IOException {
    return in.readBoolean() ? new KeyInfo(text(in), in.readBoolean(), text(in)) : null;
  }

  private static void ports(DataOutputStream out, List<PortInfo> ports) throws IOException {
    out.writeInt(ports.size());
    for (PortInfo port : ports) {
      text(out, port.name());
      text(out, port.kind().name());
      out.writeBoolean(port.optional());
      out.writeBoolean(port.files());
    }
  }

  private static List<PortInfo> ports(DataInputStream in) throws IOException {
    List<PortInfo> ports = new ArrayList<>();
    int count = in.readInt();
    for (int i = 0; i < count; i++) {
      String name = text(in);
      OutputKind kind = OutputKind.valueOf(text(in));
      ports.add(new PortInfo(name, kind, in.readBoolean(), in.readBoolean()));
    }
    return ports;
  }

  private static void map(DataOutputStream out, SortedMap<String, String> map) throws IOException {
    out.writeInt(map.size());
    for (Map.Entry<String, String> entry : map.entrySet()) {
      text(out, entry.getKey());
      text(out, entry.getValue());
    }
  }

  private static SortedMap<String, String> map(DataInputStream in) throws IOException {
    SortedMap<String, String> map = new TreeMap<>();
    int count = in.readInt();
    for (int i = 0; i < count; i++) {
      String key = text(in);
      map.put(key, text(in));
    }
    return map;
  }

  /** {@code writeUTF} holds 64 KB at most, and a default may be longer. */
  private static void text(DataOutputStream out, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  private static String text(DataInputStream in) throws IOException {
    return new String(in.readNBytes(in.readInt()), StandardCharsets.UTF_8);
  }
}
