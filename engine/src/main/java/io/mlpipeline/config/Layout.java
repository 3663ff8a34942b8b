package io.mlpipeline.config;

import io.mlpipeline.config.Outline.Entry;
import io.mlpipeline.config.Outline.Include;
import io.mlpipeline.config.Outline.Item;
import io.mlpipeline.config.Outline.Reference;
import io.mlpipeline.model.SourceLocation;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The keys of several files together, in the order a reader meets them: who wrote which key where,
 * what refers to what. Paths are joined by {@link Keys}.
 */
final class Layout {

  private final Map<String, List<Placed>> placed = new HashMap<>();
  private final NavigableMap<String, List<Placed>> sorted = new TreeMap<>();
  private final Map<String, Set<String>> members = new LinkedHashMap<>();
  private final List<Use> uses = new ArrayList<>();
  private final Set<String> referredRoots = new HashSet<>();

  /** A key where it was written. */
  record Placed(Entry entry, SourceLocation at) {}

  /**
   * A substitution where it was written.
   *
   * @param under what stands before the paths of its file because that was included there
   */
  record Use(Reference reference, String under, SourceLocation at) {}

  /** Adds a file and what it includes; the first file added is the one that orders keys. */
  void add(Source source) {
    add(source, "");
  }

  private void add(Source source, String under) {
    for (Item item : source.outline().items) {
      if (item instanceof Entry entry) {
        add(source, under, entry);
      } else if (item instanceof Include include && include.target != null) {
        String below = include.under.isEmpty() ? under : below(under, include.under);
        add(include.target, below);
      }
    }
  }

  private void add(Source source, String under, Entry entry) {
    String path = below(under, entry.path);
    Placed here = new Placed(entry, source.at(entry.line));
    placed.computeIfAbsent(path, p -> new ArrayList<>(1)).add(here);
    sorted.computeIfAbsent(path, p -> new ArrayList<>(1)).add(here);
    if (!entry.element) {
      remember(path);
    }
    for (Reference reference : entry.references) {
      uses.add(new Use(reference, under, source.at(reference.line())));
      referredRoots.add(Keys.first(reference.path()));
    }
  }

  private static String below(String under, String path) {
    return under.isEmpty() ? path : Keys.member(under, path);
  }

  private void remember(String path) {
    String member = path;
    boolean isNew = true;
    while (isNew && !member.isEmpty()) {
      String parent = Keys.parent(member);
      isNew = members.computeIfAbsent(parent, p -> new LinkedHashSet<>()).add(Keys.last(member));
      member = parent;
    }
  }

  /** The names of the members of an object, in the order they were written. */
  Set<String> members(String path) {
    return members.getOrDefault(path, Set.of());
  }

  /** Whether the key was written, or one below it. */
  boolean knows(String path) {
    return members(Keys.parent(path)).contains(Keys.last(path));
  }

  /** Every key that was written, as people write it. */
  List<String> shownPaths() {
    List<String> all = new ArrayList<>();
    members.forEach((p, names) -> names.forEach(n -> all.add(Keys.show(Keys.member(p, n)))));
    return all;
  }

  /** The first place where the key was written. */
  @Nullable SourceLocation place(String path) {
    List<Placed> places = placed.get(path);
    if (places != null) {
      return places.get(0).at();
    }
    Map.Entry<String, List<Placed>> below = sorted.ceilingEntry(Keys.member(path, ""));
    boolean isBelow = below != null && below.getKey().compareTo(Keys.endOf(path)) < 0;
    return isBelow ? below.getValue().get(0).at() : null;
  }

  /** The place in this file where the key was written; the last one counts, as its value does. */
  @Nullable SourceLocation placeIn(String file, String path) {
    SourceLocation found = null;
    for (Placed place : placed.getOrDefault(path, List.of())) {
      found = place.at().file().equals(file) ? place.at() : found;
    }
    return found;
  }

  /** All entries at the path, below it, or of what holds it. */
  Collection<Placed> related(String path) {
    List<Placed> all = new ArrayList<>(placed.getOrDefault(path, List.of()));
    String from = Keys.member(path, "");
    sorted.subMap(from, Keys.endOf(path)).values().forEach(all::addAll);
    for (String up = Keys.parent(path); !up.isEmpty(); up = Keys.parent(up)) {
      all.addAll(placed.getOrDefault(up, List.of()));
    }
    return all;
  }

  /** Every entry of all files. */
  Collection<List<Placed>> all() {
    return Collections.unmodifiableCollection(placed.values());
  }

  List<Use> uses() {
    return Collections.unmodifiableList(uses);
  }

  /** Whether some substitution refers to this top-level key, or to something below it. */
  boolean refersTo(String topLevelKey) {
    return referredRoots.contains(topLevelKey);
  }
}
