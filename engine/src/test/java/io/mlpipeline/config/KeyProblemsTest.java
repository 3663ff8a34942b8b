package io.mlpipeline.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeyProblemsTest {

  @TempDir Path home;

  @Test
  void holdsKeysAgainstTheTableOfTheChoice() {
    assertThat(
            problems(
                """
                algorithm: logistic-regression
                learner {
                  max-itr: 3
                  num-trees: 3
                  max-iter: many
                }
                search { max-iter: [10,
                  20, -1] }
                display { colour: red }
                """))
        .containsExactly(
            "6: 'steps.c.params.learner.max-itr' means nothing to logistic-regression (did you mean"
                + " 'max-iter'?)",
            "7: 'steps.c.params.learner.num-trees' means nothing to logistic-regression (its params"
                + " are max-iter)",
            "8: 'steps.c.params.learner.max-iter' is many; it must be a whole number",
            "10: 'steps.c.params.search.max-iter' is -1; it must be >= 0",
            "12: 'steps.c.params.display.colour' means nothing (did you mean 'color'?)");
  }

  @Test
  void takesTheDefaultOfTheChoiceIfNoneIsWritten() {
    assertThat(problems("learner { num-trees: 5 }, search { num-trees: \"1..20\" }")).isEmpty();
    assertThat(problems("learner { max-iter: 5 }"))
        .containsExactly(
            "4: 'steps.c.params.learner.max-iter' means nothing to random-forest (its params are"
                + " num-trees)");
  }

  @Test
  void saysNothingOfKeysIfTheChoiceIsWrongOrTheyAreNoMap() {
    assertThat(problems("algorithm: svm, learner { num-trees: none }"))
        .containsExactly(
            "4: 'steps.c.params.algorithm' cannot be 'svm' (one of logistic-regression,"
                + " random-forest)");
    assertThat(problems("learner: 3"))
        .containsExactly("4: 'steps.c.params.learner' must be an object, not a number");
    assertThat(problems("learner { num-trees: null }")).isEmpty();
  }

  @Test
  void showsNothingThatATerminalWouldObey() {
    assertThat(problems("learner { num-trees: \"\\u001b[2J\" }"))
        .containsExactly(
            "4: 'steps.c.params.learner.num-trees' is \\u001b[2J; it must be a whole number");
  }

  private List<String> problems(String params) {
    String text =
        """
        pipeline: p
        inputs { r: { table: t } }
        steps { c { uses: train-classifier, inputs { rows: r }, outputs { model: m }, params {
        %s
        } } }
        """;
    return new ConfFixture(home)
        .pipeline(text.formatted(params.strip())).problems().stream()
            .map(problem -> problem.replace("conf/pipelines/p.conf:", ""))
            .toList();
  }
}
