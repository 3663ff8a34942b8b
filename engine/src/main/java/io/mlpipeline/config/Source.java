package io.mlpipeline.config;

import io.mlpipeline.model.SourceLocation;
import java.nio.file.Path;

/**
 * A HOCON file that was read.
 *
 * @param index its number among the files of this load
 * @param path the file, absolute
 * @param shown the file as messages name it
 * @param text its text
 * @param outline its keys in order
 */
record Source(int index, Path path, String shown, String text, Outline outline) {

  SourceLocation at(int line) {
    return new SourceLocation(shown, line);
  }
}
