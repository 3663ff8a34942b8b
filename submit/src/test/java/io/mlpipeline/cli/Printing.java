package io.mlpipeline.cli;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;

/** A process that is the command line, with its standard output in a file. */
final class Printing {

  private Printing() {}

  public static void main(String[] args) throws Exception {
    System.setOut(new PrintStream(Path.of(args[0]).toFile(), StandardCharsets.UTF_8));
    Main.main(Arrays.copyOfRange(args, 1, args.length));
  }
}
