package io.mlpipeline.delta;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where the objects of the registry are. Numbers have twelve digits, so that keys sort by them. */
final class RegistryKeys {

  static final String ROOT = "registry/";

  private static final Pattern EVENT =
      Pattern.compile(ROOT + "([a-z][a-z0-9_]*)/events/([0-9]{12})\\.json");

  private RegistryKeys() {}

  static String events(String model) {
    return ROOT + model + "/events/";
  }

  static String event(String model, long number) {
    return String.format(Locale.ROOT, "%s%012d.json", events(model), number);
  }

  static String card(String model, String seal) {
    return ROOT + model + "/cards/" + seal + ".json";
  }

  static String state(String model) {
    return ROOT + model + "/state.json";
  }

  /** The model that an event's key belongs to; empty for other keys. */
  static Optional<String> modelOfEvent(String key) {
    Matcher m = EVENT.matcher(key);
    return m.matches() ? Optional.of(m.group(1)) : Optional.empty();
  }
}
