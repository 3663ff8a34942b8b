package io.mlpipeline.testkit;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.hadoop.fs.RawLocalFileSystem;

/**
 * What goes wrong in {@link FaultFs}: the numbered call at which it happens, and how. Every call
 * that changes the store has a number, from 1, and so has every listing.
 */
public final class Fault {

  /** How a call fails. A write that is not done leaves half of its bytes. */
  public enum Form {
    /** The call does nothing and throws; the store works again afterwards. */
    NOT_DONE,
    /** The call does its work and throws; the store works again afterwards. */
    ANSWER_LOST,
    /** The call does nothing, and nothing that comes after it does: the process is dead. */
    KILLED_BEFORE,
    /** The call does its work, and nothing that comes after it does. */
    KILLED_AFTER,
    /** This call and each later one that would need room on the disk does nothing and throws. */
    DISK_FULL
  }

  /** The work of a call. */
  interface Call<T> {
    T run() throws IOException;
  }

  private final int at;
  private final Form form;
  private final List<String> calls = Collections.synchronizedList(new ArrayList<>());
  private boolean dead;

  private Fault(int at, Form form) {
    this.at = at;
    this.form = form;
  }

  /** Nothing goes wrong; calls are counted. */
  public static Fault none() {
    return new Fault(Integer.MAX_VALUE, Form.NOT_DONE);
  }

  /** A fault at the call of this number. */
  public static Fault at(int number, Form form) {
    return new Fault(number, form);
  }

  /** The numbered calls so far, such as {@code rename 00000000000000000000.json}. */
  public List<String> calls() {
    return List.copyOf(calls);
  }

  /** Whether it has come to that call. */
  public boolean hasHappened() {
    return calls.size() >= at;
  }

  /**
   * Carries out a numbered call, or not.
   *
   * @param instead what a call leaves behind that was not done
   */
  <T> T numbered(String name, Call<T> call, Call<?> instead) throws IOException {
    requireAlive(name);
    int number;
    synchronized (calls) {
      calls.add(name);
      number = calls.size();
    }
    boolean full = form == Form.DISK_FULL && number >= at && needsRoom(name);
    if (!full && (number != at || form == Form.DISK_FULL)) {
      return call.run();
    }
    boolean done = form == Form.ANSWER_LOST || form == Form.KILLED_AFTER;
    dead = form == Form.KILLED_BEFORE || form == Form.KILLED_AFTER;
    (done ? call : instead).run();
    throw ofTheStore(full ? "No space left on device" : form + " at call " + number + ", " + name);
  }

  /** Thrown by Hadoop's file system, as far as the stack says: by that the engine knows a store. */
  private static IOException ofTheStore(String message) {
    IOException thrown = new IOException(message);
    List<StackTraceElement> frames = new ArrayList<>(List.of(thrown.getStackTrace()));
    frames.add(0, new StackTraceElement(RawLocalFileSystem.class.getName(), "call", null, -1));
    thrown.setStackTrace(frames.toArray(StackTraceElement[]::new));
    return thrown;
  }

  private static boolean needsRoom(String name) {
    return name.startsWith("create") || name.startsWith("write") || name.startsWith("mkdir");
  }

  /** Throws if the process is dead: it can do nothing any more, not even look. */
  void requireAlive(String name) throws IOException {
    if (dead) {
      throw new IOException("the process is dead and cannot " + name);
    }
  }

  @Override
  public String toString() {
    return form + " at call " + at + (hasHappened() ? ", " + calls.get(at - 1) : "");
  }
}
