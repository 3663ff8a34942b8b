package io.mlpipeline.code;

import io.mlpipeline.model.Canonical;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Everything that a step's class can reach: what is named, and what may answer where a method of a
 * project's class or interface is called. Another step never answers such a call: only the engine
 * makes steps.
 */
final class Reach {

  /** More parts than this are put together by package, so that entries stay small. */
  private static final int PARTS = 64;

  private final ProjectClasses project;
  private final ThirdPartyJars thirdParty;
  private final Set<String> steps;
  private final SortedSet<String> classes = new TreeSet<>();
  private final Set<String> others = new HashSet<>();
  private final Set<Path> jars = new HashSet<>();
  private final Set<String> called = new HashSet<>();
  private final Deque<String> open = new ArrayDeque<>();

  private Reach(ProjectClasses project, ThirdPartyJars thirdParty, Set<String> steps) {
    this.project = project;
    this.thirdParty = thirdParty;
    this.steps = steps;
  }

  /** Digest by part of the class {@code start}; {@code steps} are all steps' classes. */
  static SortedMap<String, String> parts(
      String start, ProjectClasses project, ThirdPartyJars thirdParty, Set<String> steps) {
    Reach reach = new Reach(project, thirdParty, steps);
    reach.visit(start);
    while (!reach.open.isEmpty()) {
      reach.follow(reach.open.remove());
    }
    return reach.parts();
  }

  private void visit(String name) {
    if (Owners.isPlatform(name)) {
      return;
    }
    if (project.has(name)) {
      if (classes.add(name)) {
        open.add(name);
      }
    } else if (others.add(name)) {
      Path jar = thirdParty.owner(name);
      if (jar != null) {
        jars.add(jar);
        open.add(name);
      }
    }
  }

  private void follow(String name) {
    if (!project.has(name)) {
      thirdParty.references(name).forEach(this::visit);
      return;
    }
    ClassFacts facts = project.facts(name);
    facts.references().forEach(this::visit);
    facts.called().forEach(this::mayAnswer);
  }

  private void mayAnswer(String owner) {
    Deque<String> todo = new ArrayDeque<>();
    todo.add(owner);
    while (!todo.isEmpty()) {
      String next = todo.remove();
      if (project.has(next) && called.add(next)) {
        for (String subtype : project.subtypes(next)) {
          if (!steps.contains(subtype)) {
            visit(subtype);
            todo.add(subtype);
          }
        }
      }
    }
  }

  private SortedMap<String, String> parts() {
    SortedMap<String, String> parts = group(false);
    if (parts.size() > PARTS) {
      parts = group(true);
    }
    parts.putAll(thirdParty.digests(jars));
    return parts;
  }

  /** A nested class counts to the one it stands in; that is the name that people know. */
  private SortedMap<String, String> group(boolean byPackage) {
    SortedMap<String, Canonical> sinks = new TreeMap<>();
    for (String name : classes) {
      String top = Owners.topLevel(name);
      int slash = top.lastIndexOf('/');
      String group = byPackage ? top.substring(0, Math.max(0, slash)) + "/*" : top;
      Canonical sink = sinks.computeIfAbsent(group.replace('/', '.'), k -> new Canonical());
      sink.text(name).text(project.facts(name).digest());
    }
    SortedMap<String, String> parts = new TreeMap<>();
    sinks.forEach((name, sink) -> parts.put(name, sink.shortHex()));
    return parts;
  }
}
