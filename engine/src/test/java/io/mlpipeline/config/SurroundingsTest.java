package io.mlpipeline.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlpipeline.model.MlflowSpec;
import io.mlpipeline.model.PipelineSpec;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What stands around a pipeline: {@code mlflow} and {@code model-classes}. */
class SurroundingsTest {

  private static final String STEP =
      "pipeline: p\nsteps { s { uses: sql, params { query: q } } }\n";

  @TempDir Path home;
  private ConfFixture conf;

  @BeforeEach
  void makeProject() {
    conf = new ConfFixture(home);
  }

  private PipelineSpec load(String text) {
    LoadedPipeline loaded = conf.pipeline(STEP + text).load();
    assertThat(loaded.problems()).isEmpty();
    assertThat(loaded.spec()).isNotNull();
    return loaded.spec();
  }

  private void expect(String text, String problem) {
    conf.pipeline(STEP + text);
    assertThat(conf.problems()).containsExactly("conf/pipelines/p.conf:3: " + problem);
  }

  @Test
  void aPipelineThatSaysNothingTrustsNobodyAndIsMirroredNowhere() {
    PipelineSpec spec = load("");
    assertThat(spec.mlflow()).isNull();
    assertThat(spec.modelClasses()).isEmpty();
  }

  @Test
  void anExperimentIsCalledLikeThePipelineUnlessItIsSaid() {
    assertThat(load("mlflow { tracking-uri: \"https://mlflow.example.com/ui\" }").mlflow())
        .isEqualTo(new MlflowSpec("https://mlflow.example.com/ui", "p"));
    assertThat(load("mlflow { tracking-uri: databricks, experiment: \"/Shared/p\" }").mlflow())
        .isEqualTo(new MlflowSpec("databricks", "/Shared/p"));
    assertThat(load("mlflow { tracking-uri: \"databricks://prod\" }").mlflow()).isNotNull();
  }

  @Test
  void anOverlayOrASettingTurnsMlflowOn() {
    conf.write("conf/env/prod.conf", "mlflow { tracking-uri: \"http://x\", experiment: nightly }");
    conf.environment("prod").set("mlflow.tracking-uri", "http://mlflow:5000");
    assertThat(load("").mlflow()).isEqualTo(new MlflowSpec("http://mlflow:5000", "nightly"));
  }

  @Test
  void refusesAddressesThatAreNoneOrCarryCredentials() {
    String none =
        "'mlflow.tracking-uri' is no address of an MLflow server (http://HOST:PORT, https://HOST,"
            + " databricks or databricks://PROFILE)";
    for (String uri : List.of("mlruns", "file:/tmp/mlruns", "sqlite:///x.db", "http:///x", "a b")) {
      expect("mlflow { tracking-uri: \"" + uri + "\" }", none);
    }
    for (String uri : List.of("http://me:secret@h:5000", "http://me@h", "https://h/?token=x")) {
      expect(
          "mlflow { tracking-uri: \"" + uri + "\" }",
          "'mlflow.tracking-uri' must be a plain address without user, password and ?query"
              + " (credentials come from MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD, or"
              + " MLFLOW_TRACKING_TOKEN, in the environment)");
    }
  }

  @Test
  void refusesKeysThatItDoesNotKnow() {
    expect(
        "mlflow { tracking-uri: \"http://h\", experimet: x }",
        "unknown key 'experimet' in 'mlflow' (did you mean 'experiment'?)");
    expect(
        "mlflow { experiment: x }",
        "'mlflow' has no 'tracking-uri' (for example tracking-uri: \"http://mlflow:5000\")");
    expect(
        "mlflwo { tracking-uri: \"http://h\" }", "unknown key 'mlflwo' (did you mean 'mlflow'?)");
    expect(
        "model-clases: [com.example.ml.]",
        "unknown key 'model-clases' (did you mean 'model-classes'?)");
  }

  @Test
  void trustsPackagesAndClassesButNotHalfTheWorld() {
    assertThat(load("model-classes: [com.example.ml., \"org.acme.Scorer$Inner\"]").modelClasses())
        .containsExactly("com.example.ml.", "org.acme.Scorer$Inner");
    for (String wide :
        List.of("com.", "com", ".", "*", "java.lang.", "com.example.*", "scala.x.")) {
      expect(
          "model-classes: [\"" + wide + "\"]",
          "'"
              + wide
              + "' in 'model-classes' is no class that may be trusted (a package with a dot at its"
              + " end such as com.example.ml. or a class, at least two names long, none of the"
              + " JDK's or Scala's)");
    }
  }
}
