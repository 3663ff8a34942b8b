package io.mlpipeline.code;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlpipeline.model.Params;
import io.mlpipeline.model.StepCode;
import io.mlpipeline.model.StepTypeInfo;
import java.io.File;
import java.io.IOException;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CodeCacheTest {

  private static final Sources STEP =
      Sources.none()
          .with(
              "a.P",
              "public record P(@Default(\"7\") int depth, String name,",
              "  @KeysFrom(\"more.params\") Map<String, String> more) {}")
          .with("a.Helper", "class Helper { static int f() { return 1; } }")
          .with(
              "a.S",
              "@StepType(value = \"s\", inputs = @Port(value = \"*\"),",
              "  outputs = @Port(value = \"m\", kind = OutputKind.MODEL, optional = true))",
              "public class S implements Step<P> {",
              "  public StepOutput run(StepContext c, P p) { Helper.f(); return null; }",
              "}")
          .with("a.Broken", "@StepType(\"broken\") public class Broken {}");

  @TempDir Path temp;
  private Path classes;
  private Path cache;

  @BeforeEach
  void compile() throws IOException {
    classes = STEP.compile(temp.resolve("classes"));
    Files.writeString(classes.resolve("a/more.params"), "* | rounds | int");
    cache = temp.resolve("state/code.bin");
  }

  private CodeBase scan() {
    return CodeBase.scan(List.of(classes), List.of(), cache);
  }

  private static StepCode code(CodeBase base) {
    StepTypeInfo type = base.findType("s").orElseThrow();
    return base.code(type, Params.NONE);
  }

  @Test
  void givesBackWhatWasScanned() {
    CodeBase fresh = scan();
    assertThat(cache).exists();
    CodeBase cached = scan();
    assertThat(cached.stepTypes()).isEqualTo(fresh.stepTypes());
    assertThat(code(cached)).isEqualTo(code(fresh));
    assertThat(CodeCache.load(cache, Stamp.of(List.of(classes), List.of())))
        .get()
        .extracting(known -> known.problems().keySet().toString())
        .isEqualTo("[a.Broken, broken]");
  }

  /** Proves that the cache is read: the file's bytes are not, as long as size and time are same. */
  @Test
  void readsNoClassIfNothingChanged() throws IOException {
    StepCode before = code(scan());
    Path helper = classes.resolve("a/Helper.class");
    FileTime time = Files.getLastModifiedTime(helper);
    Files.write(helper, new byte[(int) Files.size(helper)]);
    Files.setLastModifiedTime(helper, time);
    assertThat(code(scan())).isEqualTo(before);
    Files.setLastModifiedTime(helper, FileTime.fromMillis(time.toMillis() + 10));
    assertThatThrownBy(this::scan).hasMessageContaining("a.Helper is damaged");
  }

  @Test
  void seesAnEditAndAnAddedJar() throws IOException {
    StepCode before = code(scan());
    STEP.edit("a.Helper", "return 1", "return 100000").compile(classes);
    StepCode after = code(scan());
    assertThat(after.digest()).isNotEqualTo(before.digest());
    Path jar = Sources.jar(classes, temp.resolve("x.jar"));
    assertThat(CodeCache.load(cache, Stamp.of(List.of(classes), List.of()))).isPresent();
    assertThat(CodeCache.load(cache, Stamp.of(List.of(classes), List.of(jar)))).isEmpty();
    assertThat(CodeCache.load(cache, Stamp.of(List.of(classes, jar), List.of()))).isEmpty();
    Files.writeString(classes.resolve("a/more.params"), "* | rounds | double");
    assertThat(CodeCache.load(cache, Stamp.of(List.of(classes), List.of()))).isEmpty();
  }

  @Test
  void ignoresADamagedCacheWhateverTheByte() throws IOException {
    StepCode before = code(scan());
    byte[] good = Files.readAllBytes(cache);
    String stamp = Stamp.of(List.of(classes), List.of());
    for (int i = 0; i < good.length; i++) {
      byte[] bad = good.clone();
      bad[i] ^= 0x20;
      Files.write(cache, bad);
      assertThat(CodeCache.load(cache, stamp)).as("byte %s", i).isEmpty();
    }
    for (int length : new int[] {0, 1, 31, 32, 33, good.length - 1}) {
      Files.write(cache, Arrays.copyOf(good, length));
      assertThat(CodeCache.load(cache, stamp)).as("length %s", length).isEmpty();
    }
    assertThat(code(scan())).isEqualTo(before);
    assertThat(Files.readAllBytes(cache)).isEqualTo(good);
  }

  @Test
  void goesOnWithoutACacheThatCannotBeWritten() throws IOException {
    cache = Files.writeString(temp.resolve("file"), "x").resolve("below-a-file");
    assertThat(code(scan()).className()).isEqualTo("a.S");
  }

  @Test
  void needsNoAsmIfNothingChanged() throws Exception {
    String digest = code(scan()).digest();
    List<URL> urls = new ArrayList<>();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
      if (!Path.of(entry).getFileName().toString().startsWith("asm-")) {
        urls.add(Path.of(entry).toUri().toURL());
      }
    }
    URL[] withoutAsm = urls.toArray(URL[]::new);
    try (URLClassLoader loader =
        new URLClassLoader(withoutAsm, ClassLoader.getPlatformClassLoader())) {
      Class<?> type = loader.loadClass(CodeBase.class.getName());
      Method scan = type.getMethod("scan", List.class, List.class, Path.class);
      Object base = scan.invoke(null, List.of(classes), List.of(), cache);
      assertThat(type.getMethod("stepTypes").invoke(base).toString()).contains("uses=s");
      Files.delete(cache);
      assertThatThrownBy(() -> scan.invoke(null, List.of(classes), List.of(), cache))
          .hasRootCauseInstanceOf(ClassNotFoundException.class);
    }
    assertThat(code(scan()).digest()).isEqualTo(digest);
  }

  @Test
  void leavesNothingBesideTheCache() throws IOException {
    scan();
    try (Stream<Path> files = Files.list(cache.getParent())) {
      assertThat(files).containsExactly(cache);
    }
  }
}
