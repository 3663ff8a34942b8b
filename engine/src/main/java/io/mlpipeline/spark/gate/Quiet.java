package io.mlpipeline.spark.gate;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;
import org.antlr.v4.runtime.CharStreams;
import software.amazon.glue.dqdl.DataQualityDefinitionLanguageLexer;
import software.amazon.glue.dqdl.DataQualityDefinitionLanguageParser;

/**
 * Loads the parser without its warning. ANTLR compares its tool's and its runtime's version when
 * the generated classes load and prints any difference to standard error; here it is always the
 * same harmless one, because Spark brings the runtime.
 */
final class Quiet {

  private Quiet() {}

  /** Passes on every line that others print in the meantime. */
  static void loadParser() {
    // process-boundary: on
    PrintStream before = System.err;
    try (PrintStream filtered = new PrintStream(new WithoutWarning(before), true)) {
      System.setErr(filtered);
      var lexer = new DataQualityDefinitionLanguageLexer(CharStreams.fromString(""));
      new DataQualityDefinitionLanguageParser(new org.antlr.v4.runtime.CommonTokenStream(lexer));
    } finally {
      System.setErr(before);
    }
    // process-boundary: off
  }

  private static final class WithoutWarning extends OutputStream {
    private final PrintStream target;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();

    WithoutWarning(PrintStream target) {
      this.target = target;
    }

    @Override
    public synchronized void write(int letter) {
      line.write(letter);
      if (letter == '\n') {
        release();
      }
    }

    @Override
    public synchronized void close() {
      release();
    }

    private void release() {
      String text = line.toString(Charset.defaultCharset());
      line.reset();
      if (!text.startsWith("ANTLR ")) {
        target.print(text);
        target.flush();
      }
    }
  }
}
