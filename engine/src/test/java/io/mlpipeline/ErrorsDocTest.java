package io.mlpipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlpipeline.model.ErrorType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Holds docs/errors.md to the enum; {@code -Dregenerate=true} writes it anew. */
class ErrorsDocTest {

  private static final Path DOC = Path.of("..", "docs", "errors.md");

  @Test
  void documentSaysWhatTheEnumSays() throws IOException {
    if (Boolean.getBoolean("regenerate")) {
      Files.writeString(DOC, document());
    }
    assertThat(Files.readString(DOC))
        .as("docs/errors.md; write it anew with -Dregenerate=true")
        .isEqualTo(document());
  }

  @Test
  void everyTypeSaysWhatItMeansAndWhatToDo() {
    for (ErrorType type : ErrorType.values()) {
      assertThat(type.meaning()).as(type.code()).endsWith(".").hasSizeGreaterThan(15);
      assertThat(type.remedy()).as(type.code()).hasSizeGreaterThan(15);
      assertThat(type.retryable()).isEqualTo(type.category().exitCode() == 4);
    }
  }

  private static String document() {
    StringBuilder out = new StringBuilder("# Errors\n\n");
    out.append("The closed list of what can go wrong. Generated from `ErrorType`. ");
    out.append("A failure record names one of these as `error_type`.\n\n");
    out.append("| error type | exit code | retryable | meaning | what to do |\n");
    out.append("|---|---|---|---|---|\n");
    for (ErrorType type : ErrorType.values()) {
      out.append("| `").append(type.code()).append("` | ").append(type.category().exitCode());
      out.append(" | ").append(type.retryable() ? "yes" : "no").append(" | ");
      out.append(type.meaning()).append(" | ").append(type.remedy()).append(" |\n");
    }
    return out.toString();
  }
}
