package io.mlpipeline.cli;

import java.lang.reflect.Constructor;
import picocli.CommandLine;

/** Gives every command the shell; picocli makes everything else. */
final class Commands implements CommandLine.IFactory {

  private final Shell shell;

  Commands(Shell shell) {
    this.shell = shell;
  }

  @Override
  public <K> K create(Class<K> type) throws Exception {
    for (Constructor<?> constructor : type.getDeclaredConstructors()) {
      if (constructor.getParameterCount() == 1
          && constructor.getParameterTypes()[0] == Shell.class) {
        constructor.setAccessible(true);
        return type.cast(constructor.newInstance(shell));
      }
    }
    return CommandLine.defaultFactory().create(type);
  }
}
