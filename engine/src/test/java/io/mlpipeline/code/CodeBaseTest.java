package io.mlpipeline.code;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.Params;
import io.mlpipeline.model.StepCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CodeBaseTest {

  /** near -> Helper -> Deep; far -> Other; both are steps; Scorer is called by far. */
  private static final Sources PROJECT =
      Sources.none()
          .with("a.None", "public record None() {}")
          .with("a.Deep", "class Deep { static int deep(int x) { return x + 1; } }")
          .with("a.Limits", "class Limits { static final int MOST = 7; }")
          .with(
              "a.Helper",
              "class Helper {",
              "  static int help(int x) { return Deep.deep(x) * 2; }",
              "  static int other(String text) { try { return Integer.parseInt(text); }",
              "    catch (NumberFormatException e) { return -1; } }",
              "}")
          .with("a.Scorer", "interface Scorer { int score(int x); }")
          .with(
              "a.Plain", "class Plain implements Scorer { public int score(int x) { return x; } }")
          .with("a.Unrelated", "class Unrelated { static int f() { return 1; } }")
          .with("a.Mark", "@interface Mark { Class<?> value(); String text() default \"x\"; }")
          .with("a.Marked", "class Marked { static int f() { return 1; } }")
          .with(
              "a.Near",
              "@StepType(\"near\")",
              "public class Near implements Step<None> {",
              "  public StepOutput run(StepContext context, None params) {",
              "    Runnable r = () -> System.nanoTime();",
              "    int n = Helper.help(3) + Limits.MOST;",
              "    return null;",
              "  }",
              "}")
          .with(
              "a.Far",
              "@StepType(\"far\") @Mark(Marked.class)",
              "public class Far implements Step<None> {",
              "  static final List<Scorer> SCORERS = List.of();",
              "  public StepOutput run(StepContext context, None params) {",
              "    for (Scorer s : SCORERS) { s.score(1); }",
              "    return null;",
              "  }",
              "}");

  @TempDir static Path shared;
  private static SortedMap<String, String> unedited;

  @TempDir Path temp;
  private int count;

  private Path compile(Sources sources, String... options) throws IOException {
    return sources.compile(temp.resolve("classes" + count++), options);
  }

  private static SortedMap<String, String> digests(Path... entries) {
    CodeBase base = CodeBase.scan(List.of(entries), List.of());
    SortedMap<String, String> digests = new TreeMap<>();
    base.stepTypes()
        .forEach((uses, type) -> digests.put(uses, base.code(type, Params.NONE).digest()));
    return digests;
  }

  private static SortedMap<String, String> unedited() throws IOException {
    if (unedited == null) {
      unedited = digests(PROJECT.compile(shared));
    }
    return unedited;
  }

  /** The steps whose digest an edit changes. */
  private TreeSet<String> changedBy(Sources edited) throws IOException {
    SortedMap<String, String> before = unedited();
    TreeSet<String> changed = new TreeSet<>();
    digests(compile(edited))
        .forEach(
            (uses, digest) -> {
              if (!digest.equals(before.get(uses))) {
                changed.add(uses);
              }
            });
    assertThat(before).hasSize(2);
    return changed;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "a.Deep   | x + 1              | x + 2                          | near",
        "a.Helper | * 2                | * 3                            | near",
        "a.Helper | return -1          | return -2                      | near",
        "a.Helper | NumberFormatException e | IllegalArgumentException e | near",
        "a.Near   | System.nanoTime()  | System.currentTimeMillis()     | near",
        "a.Limits | MOST = 7           | MOST = 8                       | near",
        "a.Plain  | return x           | return -x                      | far",
        "a.Marked | return 1           | return 2                       | far",
        "a.Mark   | \"x\"              | \"y\"                          | far",
        "a.Unrelated | return 1        | return 2                       | ''",
        "a.Scorer | (int x)            | (int other)                    | ''",
        "a.Deep   | return x + 1;      | return /* why */ x         + 1; | ''",
        "a.Helper | (int x) { return Deep.deep(x) | (int y) { int z = y; return Deep.deep(z) | near",
        "a.Helper | (int x) { return Deep.deep(x) | (int y) { return Deep.deep(y) | ''",
        "a.Near   | (\"near\")         | (value = \"near\", deterministic = false) | near",
        "a.None   | record None()      | record None(@Default(\"1\") int x) | far,near",
      })
  void changesExactlyTheStepsThatReachAnEdit(String name, String from, String to, String changed)
      throws IOException {
    assertThat(String.join(",", changedBy(PROJECT.edit(name, from, to)))).isEqualTo(changed);
  }

  @Test
  void ignoresLayoutCommentsDebugInformationAndOrderOfMembers() throws IOException {
    SortedMap<String, String> before = digests(compile(PROJECT, "-g:none"));
    Sources reordered =
        PROJECT.with(
            "a.Helper",
            "/** Says more. */",
            "@Deprecated class Helper {",
            "",
            "  /** @deprecated not any more */",
            "  static int other(String words) {",
            "    // first",
            "    try { return Integer.parseInt(words); }",
            "    catch (NumberFormatException broken) { return -1; } }",
            "  static int help(final int number)",
            "  {",
            "    return Deep.deep(number) * 2;",
            "  }",
            "}");
    assertThat(digests(compile(PROJECT, "-g"))).isEqualTo(before);
    assertThat(digests(compile(PROJECT, "-g", "-parameters"))).isEqualTo(before);
    assertThat(digests(compile(reordered, "-g", "-parameters"))).isEqualTo(before);
  }

  @Test
  void givesTheSameDigestInAJarAndInADirectory() throws IOException {
    Path directory = compile(PROJECT);
    Path jar = Sources.jar(directory, temp.resolve("steps.jar"));
    assertThat(digests(jar)).isEqualTo(digests(directory));
    assertThat(digests(jar, directory)).isEqualTo(digests(directory));
  }

  @Test
  void takesTheFirstOfTwoClassesOfOneName() throws IOException {
    Path one = compile(PROJECT);
    Path two = compile(PROJECT.edit("a.Deep", "x + 1", "x + 2"));
    assertThat(digests(one, two)).isEqualTo(digests(one)).isNotEqualTo(digests(two, one));
  }

  @Test
  void namesThePartsByTopLevelClass() throws IOException {
    Sources nested =
        PROJECT.edit("a.Deep", "class Deep {", "class Deep { static class In { int i; } In in; ");
    CodeBase base = CodeBase.scan(List.of(compile(nested)), List.of());
    StepCode code = base.code(base.stepTypes().get("near"), Params.NONE);
    assertThat(code.parts()).containsOnlyKeys("a.Deep", "a.Helper", "a.Near", "a.None");
    assertThat(code.parts().values()).allMatch(d -> d.matches("[0-9a-f]{32}"));
    assertThat(code.className()).isEqualTo("a.Near");
  }

  @Test
  void putsManyPartsTogetherByPackage() throws IOException {
    Sources many = PROJECT;
    StringBuilder calls = new StringBuilder("int n = 0");
    for (int i = 0; i < 70; i++) {
      many =
          many.with("b.C" + i, "public class C" + i + " { public static int f() { return 1; } }");
      calls.append(" + b.C").append(i).append(".f()");
    }
    many = many.edit("a.Near", "int n = Helper.help(3) + Limits.MOST", calls.toString());
    CodeBase base = CodeBase.scan(List.of(compile(many)), List.of());
    StepCode code = base.code(base.stepTypes().get("near"), Params.NONE);
    assertThat(code.parts()).containsOnlyKeys("a.*", "b.*");
    Path other = compile(many.edit("b.C69", "return 1", "return 2"));
    CodeBase edited = CodeBase.scan(List.of(other), List.of());
    SortedMap<String, String> parts =
        edited.code(edited.stepTypes().get("near"), Params.NONE).parts();
    assertThat(parts.get("a.*")).isEqualTo(code.parts().get("a.*"));
    assertThat(parts.get("b.*")).isNotEqualTo(code.parts().get("b.*"));
  }

  @Test
  void followsTheTemplateInABaseClassButNotToOtherSteps() throws IOException {
    Sources based =
        Sources.none()
            .with("a.None", "public record None() {}")
            .with(
                "a.Base",
                "abstract class Base<P extends Record> implements Step<P> {",
                "  abstract int work();",
                "  public StepOutput run(StepContext c, P params) { work(); return null; }",
                "}")
            .with(
                "a.One",
                "@StepType(\"one\") public class One extends Base<None> { int work() { return 1; } }")
            .with(
                "a.Two",
                "@StepType(\"two\") public class Two extends Base<None> { int work() { return 2; } }");
    SortedMap<String, String> before = digests(compile(based));
    SortedMap<String, String> after = digests(compile(based.edit("a.Two", "return 2", "return 3")));
    assertThat(after.get("one")).isEqualTo(before.get("one"));
    assertThat(after.get("two")).isNotEqualTo(before.get("two"));
  }

  @Test
  void countsThirdPartyJarsThatAreReachedAsAWhole() throws IOException {
    Path inner =
        Sources.none()
            .with("lib.Inner", "public class Inner { public static int f() { return 1; } }")
            .compile(temp.resolve("inner"));
    Path outer =
        Sources.none()
            .with("lib2.Outer", "public class Outer { public int f() { return lib.Inner.f(); } }")
            .compile(temp.resolve("outer"), "-cp", "+" + inner);
    Path unused =
        Sources.none().with("lib3.U", "public class U {}").compile(temp.resolve("unused"));
    Path project =
        PROJECT
            .edit("a.Deep", "x + 1", "x + new lib2.Outer().f()")
            .compile(temp.resolve("project"), "-cp", "+" + outer + ":" + inner);
    List<Path> jars =
        List.of(
            Sources.jar(inner, temp.resolve("inner.jar")),
            Sources.jar(outer, temp.resolve("outer.jar")),
            Sources.jar(unused, temp.resolve("unused.jar")));
    CodeBase base = CodeBase.scan(List.of(project), jars);
    SortedMap<String, String> near = base.code(base.stepTypes().get("near"), Params.NONE).parts();
    assertThat(near)
        .containsKeys("jar:inner.jar", "jar:outer.jar")
        .doesNotContainKey("jar:unused.jar")
        .containsEntry("jar:inner.jar", ClassPathFiles.sha256(jars.get(0)));
    assertThat(base.code(base.stepTypes().get("far"), Params.NONE).parts().keySet())
        .noneMatch(p -> p.startsWith("jar:"));
  }

  @Test
  void saysWhatIsWrongWithAnEntry() throws IOException {
    Path absent = temp.resolve("absent.jar");
    assertThatThrownBy(() -> CodeBase.scan(List.of(absent), List.of()))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining("absent.jar")
        .hasMessageContaining("does not exist");
    Path text = Files.writeString(temp.resolve("text.jar"), "no jar");
    assertThatThrownBy(() -> CodeBase.scan(List.of(text), List.of()))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining("text.jar")
        .hasMessageContaining("cannot be read");
  }

  @Test
  void saysWhichReachedClassIsDamagedAndIgnoresOthers() throws IOException {
    Path directory = compile(PROJECT);
    Files.write(directory.resolve("a/Unrelated.class"), new byte[] {1, 2, 3});
    assertThat(digests(directory)).hasSize(2);
    Files.write(directory.resolve("a/Deep.class"), new byte[] {1, 2, 3});
    assertThatThrownBy(() -> digests(directory))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining("class a.Deep is damaged");
  }
}
