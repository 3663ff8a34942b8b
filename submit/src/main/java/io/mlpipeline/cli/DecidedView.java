package io.mlpipeline.cli;

import io.mlpipeline.json.JsonOut;
import io.mlpipeline.json.RegistryEventJson;
import io.mlpipeline.registry.RegistryEvent;
import java.nio.charset.StandardCharsets;

/** What came of a human decision: its event. */
final class DecidedView {

  private DecidedView() {}

  static int print(Shell shell, CommonOptions common, String sentence, RegistryEvent event) {
    if (common.json()) {
      byte[] document =
          JsonOut.pretty(
              out -> out.number("format", 1).object("event", event, RegistryEventJson::body));
      shell.out().print(new String(document, StandardCharsets.UTF_8));
    } else {
      String by = "   (event " + event.number() + ", by " + event.by() + ")";
      shell.out().println(Messages.clean(sentence + by));
    }
    return ExitCode.DONE;
  }
}
