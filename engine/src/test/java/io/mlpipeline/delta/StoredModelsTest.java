package io.mlpipeline.delta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import io.mlpipeline.model.ModelFile;
import io.mlpipeline.model.ModelManifest;
import io.mlpipeline.model.OutputKind;
import io.mlpipeline.model.OutputVersion;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class StoredModelsTest {

  private static final String DIGEST = "m1:" + "0a".repeat(32);

  /** The SHA-256 of "abc", as FIPS 180 gives it. */
  private static final String ABC =
      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

  @TempDir private Path warehouse;

  private final MapObjectStore objects = new MapObjectStore();

  static Stream<Function<Path, FilesPresent>> backends() {
    return Stream.of(
        LocalFilesPresent::new, p -> new HadoopFilesPresent("file:" + p, new HadoopSettings()));
  }

  private ModelManifest written(String attempt, String... names) throws IOException {
    String uri = "_ml/models/churn/lr/" + attempt;
    Path directory = Files.createDirectories(warehouse.resolve(uri).resolve("stages"));
    for (String name : names) {
      Files.writeString(directory.resolve(name), "abc");
    }
    List<ModelFile> files =
        Stream.of(names).map(n -> new ModelFile("stages/" + n, 3, ABC)).toList();
    return new ModelManifest("churn", "lr", DIGEST, uri, "r1", attempt, files);
  }

  private static OutputVersion version(ModelManifest m) {
    return new OutputVersion(
        OutputKind.MODEL, "model", "lr", m.uri(), 0, m.digest(), null, 0, 3, null);
  }

  @ParameterizedTest
  @MethodSource("backends")
  void earlierManifestOfTheSameDigestStays(Function<Path, FilesPresent> backend)
      throws IOException {
    StoredModels models = new StoredModels(objects, backend.apply(warehouse));
    ModelManifest first = written("a", "x y", "ü%20");
    ModelManifest second = written("b", "x y");
    assertThat(models.publish(first)).isEqualTo(first);
    assertThat(models.publish(second)).isEqualTo(first);
    assertThat(models.find("churn", "lr", DIGEST)).contains(first);
    assertThat(models.isReadable("churn", version(first))).isTrue();
    assertThat(models.isReadable("churn", version(second))).isFalse();
    assertThat(objects.objects.keySet())
        .containsExactly("models/churn/lr/" + "0a".repeat(32) + ".json");
  }

  @ParameterizedTest
  @MethodSource("backends")
  void aModelThatIsMarkedToBeRemovedIsMadeAnew(Function<Path, FilesPresent> backend)
      throws IOException {
    StoredModels models = new StoredModels(objects, backend.apply(warehouse));
    ModelManifest first = written("a", "x");
    ModelManifest second = written("b", "x");
    models.publish(first);
    StoredHousekeeping housekeeping = new StoredHousekeeping(objects);
    housekeeping.mark(first, Instant.EPOCH);
    assertThat(models.find("churn", "lr", DIGEST)).as("it is there for a day").contains(first);
    assertThat(models.publish(second)).isEqualTo(second);
    assertThat(models.publish(written("c", "x"))).as("the mark means a").isEqualTo(second);
    housekeeping.mark(second, Instant.EPOCH);
    housekeeping.spare(second);
    assertThat(models.publish(written("d", "x"))).isEqualTo(second);
  }

  @ParameterizedTest
  @MethodSource("backends")
  void aModelWhoseFilesAreGoneOrDamagedIsMadeAnew(Function<Path, FilesPresent> backend)
      throws IOException {
    StoredModels models = new StoredModels(objects, backend.apply(warehouse));
    ModelManifest first = written("a", "x");
    ModelManifest second = written("b", "x");
    models.publish(first);
    Files.writeString(warehouse.resolve(first.uri()).resolve("stages/x"), "longer");
    assertThat(models.isReadable("churn", version(first))).isFalse();
    assertThat(models.publish(second)).isEqualTo(second);
    assertThat(models.isReadable("churn", version(second))).isTrue();
    objects.replace(objects.objects.firstKey(), new byte[] {1});
    assertThat(models.find("churn", "lr", DIGEST)).isEmpty();
    assertThat(models.publish(second)).isEqualTo(second);
    assertThat(models.find("churn", "lr", DIGEST)).contains(second);
  }

  @ParameterizedTest
  @MethodSource("backends")
  void aModelThatWasAlteredUnderTheSameSizesIsMadeAnew(Function<Path, FilesPresent> backend)
      throws IOException {
    StoredModels models = new StoredModels(objects, backend.apply(warehouse));
    ModelManifest first = written("a", "x", "y");
    models.publish(first);
    Files.writeString(warehouse.resolve(first.uri()).resolve("stages/y"), "abd");
    ModelManifest second = written("b", "x", "y");
    assertThat(models.publish(second)).isEqualTo(second);
    assertThat(models.find("churn", "lr", DIGEST)).contains(second);
  }

  @ParameterizedTest
  @MethodSource("backends")
  void namesThatAreNoneAreNotThere(Function<Path, FilesPresent> backend) throws IOException {
    StoredModels models = new StoredModels(objects, backend.apply(warehouse));
    Files.writeString(warehouse.resolve("outside"), "abc");
    for (String digest : List.of("", "m1:", "c1:1:00", "m1:../../x", DIGEST + "0")) {
      assertThat(models.find("churn", "lr", digest)).isEmpty();
      ModelManifest odd = new ModelManifest("churn", "lr", digest, "u", "r", "a", List.of());
      assertThatThrownBy(() -> models.publish(odd))
          .isInstanceOfSatisfying(
              EngineException.class, e -> assertThat(e.type()).isEqualTo(ErrorType.INTERNAL_ERROR));
    }
    objects.replace(
        "models/churn/lr/" + "0a".repeat(32) + ".json",
        "{\"format\":9}".getBytes(StandardCharsets.UTF_8));
    assertThat(models.find("churn", "lr", DIGEST)).isEmpty();
    ModelManifest manifest = written("a", "x");
    assertThatThrownBy(() -> models.publish(manifest)).hasMessageContaining("newer engine");
  }

  @ParameterizedTest
  @MethodSource("backends")
  void directoriesAndLinksOutOfTheTreeAreNoFiles(Function<Path, FilesPresent> backend)
      throws IOException {
    FilesPresent files = backend.apply(warehouse);
    Files.createDirectories(warehouse.resolve("m/d"));
    Files.writeString(warehouse.resolve("m/x"), "abc");
    assertThat(files.present("m", List.of(new ModelFile("x", 3, "")))).isTrue();
    assertThat(files.present("m", List.of())).isTrue();
    assertThat(files.present("m", List.of(new ModelFile("d", 0, "")))).isFalse();
    assertThat(files.present("m", List.of(new ModelFile("x/y", 3, "")))).isFalse();
    if (files instanceof LocalFilesPresent) {
      assertThat(files.present("m/d", List.of(new ModelFile("../x", 3, "")))).isFalse();
      assertThat(files.present("../" + warehouse.getFileName() + "/../..", List.of())).isFalse();
    }
  }
}
