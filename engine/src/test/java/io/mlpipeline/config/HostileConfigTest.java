package io.mlpipeline.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Files that want to read, fetch or exhaust something; none of them throws. */
@Timeout(60)
class HostileConfigTest {

  private static final String FILE = "conf/pipelines/p.conf";
  private static final String STEP =
      "pipeline: p\nsteps { s { uses: sql, params { query: q } } }\n";
  private static final String INCLUDE = " (name a file below the conf root, relative to this one)";

  @TempDir Path home;
  private ConfFixture conf;

  @BeforeEach
  void makeProject() {
    conf = new ConfFixture(home);
  }

  private List<String> problems(String text) {
    return conf.pipeline(text).problems();
  }

  @Test
  void includesNothingFromOutsideAndFetchesNothing() throws IOException {
    Files.writeString(home.resolve("secret.conf"), "secret: 1");
    Files.createSymbolicLink(home.resolve("conf/schemas/link.conf"), home.resolve("secret.conf"));
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      server.setSoTimeout(1);
      String url = "http://127.0.0.1:" + server.getLocalPort() + "/x.conf";
      assertThat(
              problems(
                  """
                  include url("URL")
                  include "URL"
                  include classpath("reference.conf")
                  include "/etc/passwd"
                  include "../../secret.conf"
                  include "../schemas/link.conf"
                  include file("gone.conf")
                  include required("gone")
                  a { include required(url("URL")) }
                  """
                          .replace("URL", url)
                      + STEP))
          .containsExactly(
              FILE + ":1: include url(...) is not allowed" + INCLUDE,
              FILE + ":2: the included file '" + url + "' does not exist" + INCLUDE,
              FILE + ":3: include classpath(...) is not allowed" + INCLUDE,
              FILE + ":4: the included file '/etc/passwd' is outside the conf root" + INCLUDE,
              FILE + ":5: the included file '../../secret.conf' is outside the conf root" + INCLUDE,
              FILE
                  + ":6: the included file '../schemas/link.conf' is outside the conf root"
                  + INCLUDE,
              FILE + ":7: the included file 'gone.conf' does not exist" + INCLUDE,
              FILE + ":8: the included file 'gone' does not exist" + INCLUDE,
              FILE + ":9: include url(...) is not allowed" + INCLUDE,
              FILE + ":9: unknown key 'a'");
      conf.set("params", "{include#\nurl(\"" + url + "\")}");
      problems(STEP + "include#\nurl(\"" + url + "\")\nparams {}");
      assertThatCode(server::accept).isInstanceOf(java.net.SocketTimeoutException.class);
    }
  }

  @Test
  void endsIncludesThatIncludeThemselves() {
    conf.write("conf/pipelines/a.conf", "include \"b.conf\"\n")
        .write("conf/pipelines/b.conf", "include \"a.conf\"\n");
    assertThat(problems("include \"a.conf\"\n" + STEP))
        .containsExactly(
            "conf/pipelines/b.conf:1: the included file 'a.conf' includes itself" + INCLUDE);
    for (int i = 0; i < 12; i++) {
      String next = "include \"f" + (i + 1) + "\"\n";
      conf.write("conf/pipelines/f" + i + ".conf", next + next);
    }
    assertThat(problems("include \"f0\"\n" + STEP))
        .anyMatch(p -> p.contains("more than 100 files are included"));
  }

  @Test
  void limitsWhatSubstitutionsExpandTo() {
    StringBuilder laughs = new StringBuilder(STEP + "a0: \"0123456789\"\n");
    StringBuilder lists = new StringBuilder(STEP + "a0: [1]\n");
    StringBuilder objects = new StringBuilder(STEP + "a0 { x: 1 }\n");
    for (int i = 1; i <= 40; i++) {
      String former = "${a" + (i - 1) + "}";
      laughs.append("a" + i + ": " + former + former + "\n");
      lists.append("a" + i + ": " + former + " " + former + "\n");
      objects.append("a" + i + " { l: " + former + ", r: " + former + " }\n");
    }
    for (StringBuilder bomb : List.of(laughs, lists, objects)) {
      assertThat(problems(bomb.toString()))
          .contains(FILE + ": its substitutions expand to more than 4 MiB (remove some)");
    }
    assertThat(problems(STEP + "a: x\n" + "a: ${a}${a}\n".repeat(40)))
        .contains(FILE + ": its substitutions expand to more than 4 MiB (remove some)");
    for (int i = 0; i < 90; i++) {
      conf.write("conf/pipelines/i" + i + ".conf", "params.a: ${params.a}${params.a}\n");
    }
    StringBuilder includes = new StringBuilder(STEP + "params.a: x\n");
    for (int i = 0; i < 90; i++) {
      includes.append("include \"i" + i + "\"\n");
    }
    assertThat(problems(includes.toString()))
        .containsExactly(FILE + ": its substitutions expand to more than 4 MiB (remove some)");
    assertThat(problems(STEP + "params.a: [1]\n" + "params.a += ${params.a}\n".repeat(17)))
        .anyMatch(p -> p.startsWith(FILE + ":20: 'params.a' is written twice"));
  }

  @Test
  void resolvesLongChainsOrSaysThatItCannot() {
    StringBuilder chain = new StringBuilder(STEP + "a0: 1\n");
    for (int i = 1; i < 4000; i++) {
      chain.append("a" + i + ": ${a" + (i - 1) + "}\n");
    }
    assertThat(problems(chain.toString())).containsExactly(FILE + ":4002: unknown key 'a3999'");
    assertThat(problems(STEP + "a: 1\n" + "b: ${a}\n".repeat(5001)))
        .containsExactly(FILE + ":5004: there are more than 5000 substitutions (split the file)");
  }

  @Test
  void namesCyclesOfSubstitutions() {
    assertThat(problems(STEP + "params { a: ${params.b}, b: ${params.a} }"))
        .containsExactly(
            FILE
                + ":3: ${params.a} refers to itself through ${params.b}, ${params.a},"
                + " ${params.b}");
    assertThat(problems(STEP + "params: ${params}")).hasSize(1);
    assertThat(problems(STEP + "params { x: ${params} }")).hasSize(1);
  }

  @Test
  void limitsNestingAndSize() throws IOException {
    String depth = FILE + ":3: objects and lists are nested more than 64 deep (flatten them)";
    assertThat(problems(STEP + "a: " + "[".repeat(20_000))).containsExactly(depth);
    assertThat(problems(STEP + "a {".repeat(20_000))).containsExactly(depth);
    assertThat(problems(STEP + "a: [" + "1,".repeat(150_000) + "]"))
        .containsExactly(FILE + ":3: there are more than 100000 keys and values (split the file)");
    assertThat(problems(STEP + "# " + "x".repeat(TextFiles.LARGEST)))
        .containsExactly(FILE + ": the file is larger than 1 MiB (keep data out of it)");
    String path = "params." + "a.".repeat(100_000) + "b: 1";
    assertThat(problems(STEP + path)).containsExactly(depth);
    assertThat(conf.load("/dev/zero").problems())
        .extracting(Object::toString)
        .containsExactly("/dev/zero: '/dev/zero' is not a regular file");
  }

  @Test
  void refusesBytesThatAreNoText() {
    conf.write(FILE, (STEP + "# \u0000").getBytes(StandardCharsets.UTF_8));
    assertThat(conf.problems()).containsExactly(FILE + ":3: the file holds a NUL character");
    conf.write(FILE, (STEP + "# caf\u00e9").getBytes(StandardCharsets.ISO_8859_1));
    assertThat(conf.problems())
        .containsExactly(FILE + ":3: the file is not UTF-8 (save it as UTF-8)");
    conf.write(FILE, STEP.getBytes(StandardCharsets.UTF_16));
    assertThat(conf.problems()).hasSize(1).allMatch(p -> p.contains("is not UTF-8"));
  }

  @Test
  void readsNoEnvironmentOfItsOwn() {
    String name =
        System.getenv().keySet().stream()
            .filter(n -> n.matches("[A-Z]+"))
            .findFirst()
            .orElse("PATH");
    assertThat(problems(STEP + "params { a: ${" + name + "}, b: ${java.version} }"))
        .hasSize(2)
        .allMatch(p -> p.contains("is not defined"));
  }

  @Test
  void neverThrowsWhateverIsWritten() {
    Random random = new Random(42);
    String seed =
        "pipeline: p\nparams { a: ${warehouse}, b: [1, \"x\"] }\ninputs { i: { table: \"t@v3\" } }\n"
            + "steps { s { uses: sql, params { query: \"\"\"q\"\"\" }, inputs { x: i }\n"
            + " outputs { o { gate { block: [\"R\"] } } } } }\ninclude \"x\" # c\n";
    String[] parts = {
      "{",
      "}",
      "[",
      "]",
      "\"",
      "\"\"\"",
      "${",
      "${?",
      "}",
      ":",
      "=",
      "+=",
      ",",
      "\n",
      "#",
      "//",
      "include ",
      "include",
      "\\",
      ".",
      " ",
      "null",
      "1e9",
      "a",
      "url(",
      "\u00a0",
      "$",
      "-",
      "steps"
    };
    for (int i = 0; i < 1000; i++) {
      StringBuilder text = new StringBuilder(seed);
      for (int edits = 1 + random.nextInt(4); edits > 0; edits--) {
        int at = random.nextInt(text.length());
        int end = Math.min(text.length(), at + random.nextInt(6));
        text.replace(at, end, parts[random.nextInt(parts.length)]);
      }
      String mutant = text.toString();
      assertThatCode(() -> problems(mutant)).as(mutant).doesNotThrowAnyException();
    }
  }

  @Test
  void staysFastOnManySteps() {
    StringBuilder text = new StringBuilder("pipeline: p\nsteps {\n");
    for (int i = 0; i < 10_000; i++) {
      String read = i == 0 ? "" : ", inputs { x: o" + (i - 1) + " }";
      text.append(
          "s" + i + " { uses: sql, params.query: q" + read + ", outputs { o" + i + " {} } }\n");
    }
    long start = System.nanoTime();
    LoadedPipeline loaded = conf.pipeline(text.append("}\n").toString()).load();
    assertThat(loaded.problems()).isEmpty();
    assertThat(loaded.spec().steps()).hasSize(10_000);
    assertThat(System.nanoTime() - start).isLessThan(10_000_000_000L);
    assertThat(Arrays.asList(loaded.spec().steps().get(9_999).name())).containsExactly("s9999");
  }
}
