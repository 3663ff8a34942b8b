package io.mlpipeline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.Layout;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.impl.Log4jLogEvent;
import org.apache.logging.log4j.message.SimpleMessage;
import org.junit.jupiter.api.Test;

class LogsTest {

  @Test
  void aWarningIsOneLineOnTheTerminal() {
    try (LoggerContext context =
        new LoggerContext("test", null, Path.of("log4j2.properties").toUri())) {
      context.start();
      Layout<?> layout = context.getConfiguration().getAppender("console").getLayout();
      Log4jLogEvent event =
          Log4jLogEvent.newBuilder()
              .setLevel(Level.WARN)
              .setMessage(new SimpleMessage("a column is new"))
              .setThrown(new IllegalStateException("unseen"))
              .build();
      assertThat(new String(layout.toByteArray(event), StandardCharsets.UTF_8))
          .isEqualTo("WARN: a column is new" + System.lineSeparator());
    }
  }
}
