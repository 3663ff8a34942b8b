package io.mlpipeline.cli;

import io.mlpipeline.model.ErrorCategory;
import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What Ctrl-C, SIGTERM and a terminal that is closed do until this is closed. Through a handler and
 * not a shutdown hook: in a shutdown Spark stops at the same time, and the exit code is that of the
 * signal. The JDK's class for it is found by name, for no compiler likes to see it; on a JVM
 * without it, and where the platform owns the process, signals do what they do.
 */
final class Signals implements AutoCloseable {

  private static final String[] NAMES = {"INT", "TERM", "HUP"};

  private static volatile boolean stopped;

  /** Handlers as they were, by signal. */
  private final Map<Object, Object> before = new LinkedHashMap<>();

  private Signals() {}

  /** Calls the action at each signal, in a thread of its own; it must be quick. */
  static Signals call(Runnable action) {
    Signals signals = new Signals();
    if (System.getenv("DATABRICKS_RUNTIME_VERSION") == null) {
      for (String name : NAMES) {
        signals.install(name, action);
      }
    }
    return signals;
  }

  /** Ends the process at once: for one that has nothing open that a kill could tear. */
  static Signals leaveAtOnce() {
    return call(Signals::leave);
  }

  /**
   * Ends the process without any goodbye, as cancelled. A JVM that is to save its start-up archive
   * would do that first, which may take a minute; it is killed, and the launcher says the code.
   */
  static void leave() {
    if (Boolean.getBoolean("mlpipeline.archiving")) {
      try {
        String self = Long.toString(ProcessHandle.current().pid());
        new ProcessBuilder("kill", "-KILL", self).inheritIO().start().waitFor();
      } catch (IOException | InterruptedException e) {
        // then it takes as long as it takes
      }
    }
    Runtime.getRuntime().halt(ErrorCategory.CANCELLED.exitCode());
  }

  /** Ends a process that a signal came to, and that has said what came of it. */
  static void leaveIfStopped() {
    if (stopped) {
      leave();
    }
  }

  /** From now on the end of this process is to be quick. */
  static void stopping() {
    stopped = true;
  }

  private void install(String name, Runnable action) {
    try {
      Class<?> type = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      Object signal = type.getConstructor(String.class).newInstance(name);
      Object calling =
          Proxy.newProxyInstance(
              Signals.class.getClassLoader(), new Class<?>[] {handler}, calling(action));
      Object old = type.getMethod("handle", type, handler).invoke(null, signal, calling);
      before.put(signal, old);
    } catch (ReflectiveOperationException | IllegalArgumentException e) {
      // This JVM leaves its signals to nobody.
      before.clear();
    }
  }

  private static InvocationHandler calling(Runnable action) {
    return (proxy, method, args) -> {
      if (method.getName().equals("handle")) {
        action.run();
        return null;
      }
      return object(proxy, method, args);
    };
  }

  private static Object object(Object proxy, Method method, Object[] args) {
    return switch (method.getName()) {
      case "equals" -> proxy == args[0];
      case "hashCode" -> System.identityHashCode(proxy);
      default -> "cancels";
    };
  }

  /** Signals do again what they did before. */
  @Override
  public void close() {
    before.forEach(Signals::restore);
    before.clear();
  }

  private static void restore(Object signal, Object old) {
    try {
      Class<?> type = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      type.getMethod("handle", type, handler).invoke(null, signal, old);
    } catch (ClassNotFoundException
        | NoSuchMethodException
        | IllegalAccessException
        | InvocationTargetException e) {
      throw new IllegalStateException(e);
    }
  }
}
