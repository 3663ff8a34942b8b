package io.mlpipeline.delta;

import io.mlpipeline.json.FormException;
import io.mlpipeline.json.ModelCardJson;
import io.mlpipeline.json.ModelStateJson;
import io.mlpipeline.json.RegistryEventJson;
import io.mlpipeline.json.Sealed;
import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import io.mlpipeline.model.Names;
import io.mlpipeline.port.ModelRegistry;
import io.mlpipeline.port.ObjectStore;
import io.mlpipeline.registry.Fold;
import io.mlpipeline.registry.ModelCard;
import io.mlpipeline.registry.ModelState;
import io.mlpipeline.registry.RegistryEvent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/**
 * Registered models as objects: {@code registry/<model>/events/<number>.json}, put if absent,
 * {@code registry/<model>/cards/<seal>.json}, and {@code registry/<model>/state.json}, what the
 * events folded to when somebody last looked.
 *
 * <p>The state is a hint that saves reading: it is made again if it is absent, damaged, of another
 * form or behind, and counts only while the event of its last number carries the seal that it
 * names. Where the two contradict each other nothing is guessed: the events end before what has
 * been seen of them, or were replaced, and that is {@code STORAGE_CORRUPT}. A write of it that
 * fails is no failure. Safe for any number of threads and processes.
 */
public final class StoredRegistry implements ModelRegistry {

  private static final Pattern SEAL = Pattern.compile("[0-9a-f]{64}");

  /** The state is written again when it is so many events behind: of large ones not at each. */
  private static final int MOST_BEHIND = 16;

  private static final int VERSIONS_EACH_BEHIND = 64;

  private final ObjectStore objects;

  /** What this process has seen; believed as far as the stored state, and quicker at hand. */
  private final Map<String, Seen> seen = new ConcurrentHashMap<>();

  /** Over the objects below {@code <warehouse>/_ml/}. */
  public StoredRegistry(ObjectStore objects) {
    this.objects = objects;
  }

  /**
   * A state, and the number up to which the stored one goes.
   *
   * @param stored 0 if there is none
   */
  private record Seen(ModelState state, long stored) {}

  @Override
  public List<String> models() {
    return objects.list(RegistryKeys.ROOT).stream()
        .flatMap(key -> RegistryKeys.modelOfEvent(key).stream())
        .distinct()
        .sorted()
        .toList();
  }

  @Override
  public ModelState state(String model) {
    if (!Names.isValid(model)) {
      return ModelState.none(model);
    }
    Optional<Seen> start = known(model);
    if (start.isEmpty()) {
      return kept(rebuilt(model), 0);
    }
    verify(start.get().state());
    return kept(forward(start.get().state()), start.get().stored());
  }

  /** What this process or the stored state knows of at least one event. */
  private Optional<Seen> known(String model) {
    Seen here = seen.get(model);
    if (here != null || !Names.isValid(model)) {
      return Optional.ofNullable(here);
    }
    return StoredForms.find(objects, RegistryKeys.state(model), ModelStateJson::read)
        .filter(state -> state.model().equals(model) && state.last() > 0)
        .map(state -> new Seen(state, state.last()));
  }

  /** The event that the state ends with must be there, under the seal that it had. */
  private void verify(ModelState state) {
    Optional<Sealed<RegistryEvent>> last = findEvent(state.model(), state.last());
    if (last.isEmpty() || !last.get().seal().equals(state.seal())) {
      String key = RegistryKeys.event(state.model(), state.last());
      throw RegistryDamage.of(
          state.model(),
          state.last(),
          key,
          (last.isEmpty() ? "is missing" : "is another")
              + ", though "
              + RegistryKeys.state(state.model())
              + " knows it",
          "restore the events from a backup; if they are right as they are, delete _ml/"
              + RegistryKeys.state(state.model()));
    }
  }

  private ModelState rebuilt(String model) {
    Fold fold = Fold.from(ModelState.none(model));
    readAll(model).forEach(event -> add(fold, event));
    return fold.state();
  }

  /** What has been appended since. */
  private ModelState forward(ModelState start) {
    String model = start.model();
    if (findEvent(model, start.last() + 1).isEmpty() && !goesOn(model, start.last())) {
      return start;
    }
    Fold fold = Fold.from(start);
    while (true) {
      Optional<Sealed<RegistryEvent>> next = findEvent(model, fold.last() + 1);
      if (next.isPresent()) {
        add(fold, next.get());
      } else if (!goesOn(model, fold.last())) {
        return fold.state();
      }
    }
  }

  /**
   * Whether the next event came while we looked; throws if it is missing in the middle. Without
   * this, one event that somebody removed would look like the end, and be written anew.
   */
  private boolean goesOn(String model, long last) {
    long next = last + 1;
    if (objects.find(RegistryKeys.event(model, next + 1)).isEmpty()) {
      return false;
    }
    String key = RegistryKeys.event(model, next);
    if (objects.find(key).isEmpty()) {
      throw RegistryDamage.missing(model, next, key);
    }
    return true;
  }

  private static void add(Fold fold, Sealed<RegistryEvent> event) {
    try {
      fold.next(event.value(), event.seal());
    } catch (EngineException e) {
      throw RegistryDamage.cannotFollow(event.value().model(), fold.last() + 1, e);
    }
  }

  private ModelState kept(ModelState state, long stored) {
    long behind = Math.min(MOST_BEHIND, state.versions().size() / VERSIONS_EACH_BEHIND);
    boolean writes = state.last() - stored > behind;
    if (writes) {
      try {
        objects.replace(RegistryKeys.state(state.model()), ModelStateJson.write(state));
      } catch (EngineException e) {
        Warnings.LOG.debug("{} is not written", RegistryKeys.state(state.model()), e);
      }
    }
    if (state.last() > 0) {
      Seen now = new Seen(state, writes ? state.last() : stored);
      seen.merge(state.model(), now, (old, fresh) -> old.state.last() > state.last() ? old : fresh);
    }
    return state;
  }

  @Override
  public List<RegistryEvent> events(String model) {
    List<RegistryEvent> events = readAll(model).stream().map(Sealed::value).toList();
    known(model).map(Seen::state).ifPresent(this::verify);
    return events;
  }

  /** All events, each of which follows the one before it. */
  private List<Sealed<RegistryEvent>> readAll(String model) {
    if (!Names.isValid(model)) {
      return List.of();
    }
    List<String> keys = eventKeys(model);
    // Read at once and judged in order, so that the first one that was altered is named.
    List<Optional<byte[]>> documents = keys.parallelStream().map(objects::find).toList();
    List<Sealed<RegistryEvent>> events = new ArrayList<>(keys.size());
    for (int i = 0; i < keys.size(); i++) {
      long number = i + 1L;
      byte[] document =
          documents
              .get(i)
              .orElseThrow(
                  () -> RegistryDamage.missing(model, number, RegistryKeys.event(model, number)));
      events.add(decoded(model, number, document));
    }
    String previous = "";
    for (Sealed<RegistryEvent> event : events) {
      if (!event.value().previous().equals(previous)) {
        throw RegistryDamage.altered(model, event.value().number());
      }
      previous = event.seal();
    }
    return events;
  }

  /** The keys of all events without a gap. */
  private List<String> eventKeys(String model) {
    while (true) {
      List<String> keys =
          objects.list(RegistryKeys.events(model)).stream()
              .filter(key -> RegistryKeys.modelOfEvent(key).isPresent())
              .toList();
      int whole = 0;
      while (whole < keys.size() && keys.get(whole).equals(RegistryKeys.event(model, whole + 1L))) {
        whole++;
      }
      if (whole == keys.size()) {
        return keys;
      }
      String expected = RegistryKeys.event(model, whole + 1L);
      if (objects.find(expected).isEmpty()) {
        throw RegistryDamage.missing(model, whole + 1L, expected);
      }
      // It came while the directory was read, which saw only a later one: look again.
    }
  }

  @Override
  public Optional<RegistryEvent> event(String model, long number) {
    return Names.isValid(model) && number > 0
        ? findEvent(model, number).map(Sealed::value)
        : Optional.empty();
  }

  private Optional<Sealed<RegistryEvent>> findEvent(String model, long number) {
    return objects
        .find(RegistryKeys.event(model, number))
        .map(document -> decoded(model, number, document));
  }

  private static Sealed<RegistryEvent> decoded(String model, long number, byte[] document) {
    String key = RegistryKeys.event(model, number);
    try {
      Sealed<RegistryEvent> event = RegistryEventJson.read(document);
      if (event.value().number() != number || !event.value().model().equals(model)) {
        throw RegistryDamage.of(
            model,
            number,
            key,
            "is event " + event.value().number() + " of model " + event.value().model(),
            RegistryDamage.RESTORE);
      }
      return event;
    } catch (FormException e) {
      throw RegistryDamage.unreadable(model, "event " + number, key, e);
    }
  }

  @Override
  public boolean append(RegistryEvent event) {
    Names.check("model", event.model());
    ModelState before = state(event.model());
    if (event.number() <= before.last()) {
      return false;
    }
    byte[] document = RegistryEventJson.write(event);
    ModelState after;
    try {
      after = Fold.add(before, event, RegistryEventJson.seal(event));
    } catch (EngineException e) {
      throw new EngineException(
          ErrorType.INTERNAL_ERROR, e.getMessage() + ". Nothing was written.", e);
    }
    if (!objects.putIfAbsent(RegistryKeys.event(event.model(), event.number()), document)) {
      return false;
    }
    Seen start = seen.get(event.model());
    kept(after, start == null ? 0 : start.stored());
    return true;
  }

  @Override
  public String put(ModelCard card) {
    Names.check("model", card.model());
    byte[] document = ModelCardJson.write(card);
    String seal = ModelCardJson.seal(card);
    String key = RegistryKeys.card(card.model(), seal);
    boolean isThere = !objects.putIfAbsent(key, document);
    if (isThere && !objects.find(key).filter(old -> Arrays.equals(old, document)).isPresent()) {
      objects.replace(key, document); // its name says what it must be
    }
    return seal;
  }

  @Override
  public Optional<ModelCard> findCard(String model, String seal) {
    if (!Names.isValid(model) || !SEAL.matcher(seal).matches()) {
      return Optional.empty();
    }
    String key = RegistryKeys.card(model, seal);
    Optional<byte[]> document = objects.find(key);
    if (document.isEmpty()) {
      return Optional.empty();
    }
    try {
      Sealed<ModelCard> card = ModelCardJson.read(document.get());
      if (!card.seal().equals(seal)) {
        throw RegistryDamage.card(model, key, "it is another card");
      }
      return Optional.of(card.value());
    } catch (FormException e) {
      throw RegistryDamage.unreadable(model, "a card", key, e);
    }
  }
}
