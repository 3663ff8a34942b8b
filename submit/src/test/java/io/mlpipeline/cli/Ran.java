package io.mlpipeline.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Map;

/** What a command of this process came to: its exit code and what it printed. */
record Ran(int code, String out, String err) {

  static Ran in(Path directory, String... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    Shell shell =
        new Shell(new PrintWriter(out), new PrintWriter(err), Terminal.NONE, directory, Map.of());
    int code = Cli.execute(shell, args);
    shell.out().flush();
    shell.err().flush();
    return new Ran(code, out.toString(), err.toString());
  }
}
