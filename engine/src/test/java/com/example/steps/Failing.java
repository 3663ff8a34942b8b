package com.example.steps;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Code as a user's step has it, outside of the engine's packages. */
public final class Failing {

  /** Linux's device that is always full. */
  public static final String FULL = "/dev/full";

  private Failing() {}

  public static Long failAtSeventy(Long value) {
    if (value == 70) {
      throw new IllegalStateException("seventy is out\nsecond line");
    }
    return value;
  }

  /** Says what a full disk says, but it is a step that says it. */
  public static Long pretend(Long value) {
    throw new IllegalStateException("No space left on device, Permission denied");
  }

  /** Writes where there is never any room. */
  public static Long fillDisk(Long value) throws IOException {
    try (OutputStream out = Files.newOutputStream(Path.of(FULL))) {
      out.write(1);
    }
    return value;
  }

  /** Asks for more than any heap has. */
  public static Long fillMemory(Long value) {
    return (long) new long[Integer.MAX_VALUE - 8].length;
  }
}
