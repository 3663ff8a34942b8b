package io.mlpipeline.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import io.mlpipeline.registry.ModelState;
import io.mlpipeline.registry.SemanticVersion;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Versions are read one by one, when somebody asks for them. */
class StoredVersionsTest {

  private static final String GOOD = "1.0.0 m1:a b experimental 1709251200 0 1 ann 1 0 open ";

  @Test
  void aVersionIsReadOnceAndOnlyIfSomebodyAsks() throws FormException {
    ModelState state = stored(GOOD, GOOD.replace("1.0.0", "1.1.0"), "no version");
    assertThat(state.versions()).hasSize(3);
    assertThat(state.versions().get(1).version()).isEqualTo(SemanticVersion.parse("1.1.0"));
    assertThat(state.versions().get(1)).isSameAs(state.versions().get(1));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "no version",
        "1.x.0 m1:a b experimental 1709251200 0 1 ann 1 0 open ",
        "1.0.0 m1:a b unheard-of 1709251200 0 1 ann 1 0 open ",
        "1.0.0 m1:a b experimental 99999999999999999 0 1 ann 1 0 open ",
        "1.0.0 m1:a b experimental soon 0 1 ann 1 0 open ",
      })
  void aVersionThatCannotBeReadSaysWhichStateToDelete(String line) throws FormException {
    ModelState state = stored(GOOD, line);
    assertThatThrownBy(() -> state.versions().get(1))
        .isInstanceOfSatisfying(
            EngineException.class, e -> assertThat(e.type()).isEqualTo(ErrorType.STORAGE_CORRUPT))
        .hasMessageContaining("the stored state of model churn")
        .hasMessageContaining("Delete _ml/registry/churn/state.json");
  }

  private static ModelState stored(String... lines) throws FormException {
    return ModelStateJson.read(
        Sealed.write(
            1,
            out ->
                out.text("model", "churn")
                    .number("last", 2)
                    .text("last_seal", "x")
                    .texts("versions", List.of(lines))));
  }
}
