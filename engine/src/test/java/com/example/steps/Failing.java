package com.example.steps;

/** Code as a user's step has it, outside of the engine's packages. */
public final class Failing {

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

  public static Long fillMemory(Long value) {
    throw new OutOfMemoryError("Java heap space");
  }
}
