package io.mlpipeline.cli;

import java.util.Map;

/**
 * Whether people watch, and whether they want colours. The launcher asks the system and says so in
 * {@code -Dmlpipeline.tty}.
 *
 * @param live whether standard error is a terminal that can redraw lines
 * @param colour whether colours are wanted
 */
record Terminal(boolean live, boolean colour) {

  /** Nobody watches. */
  static final Terminal NONE = new Terminal(false, false);

  static Terminal fromProperties() {
    return of(System.getProperty("mlpipeline.tty", ""), System.getenv());
  }

  static Terminal of(String streams, Map<String, String> environment) {
    boolean dumb = "dumb".equals(environment.get("TERM"));
    boolean quiet = !environment.getOrDefault("NO_COLOR", "").isEmpty();
    boolean ci = !environment.getOrDefault("CI", "").isEmpty();
    boolean live = streams.contains("err") && !dumb && !ci;
    return new Terminal(live, live && streams.contains("out") && !quiet);
  }

  String good(String text) {
    return paint("32", text);
  }

  String bad(String text) {
    return paint("31", text);
  }

  String faint(String text) {
    return paint("2", text);
  }

  String strong(String text) {
    return paint("1", text);
  }

  private String paint(String code, String text) {
    return colour ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
  }
}
