package io.mlpipeline.code;

import io.mlpipeline.model.StepTypeInfo;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** Finds the steps of a class path and everything that they reach. The only user of ASM. */
final class Scan {

  private Scan() {}

  static Known of(List<Path> projectEntries, List<Path> thirdPartyJars) {
    ProjectClasses project = new ProjectClasses(projectEntries);
    ThirdPartyJars jars = new ThirdPartyJars(thirdPartyJars);
    SortedMap<String, StepTypeInfo> types = new TreeMap<>();
    SortedMap<String, String> problems = new TreeMap<>();
    SortedMap<String, String> classByUses = new TreeMap<>();
    Set<String> steps = new HashSet<>();
    for (String name : project.names()) {
      StepTypeReader.Found found = StepTypeReader.read(project, name);
      if (found == null) {
        continue;
      }
      steps.add(name);
      String className = name.replace('/', '.');
      if (found.info() == null) {
        problems.put(className, String.valueOf(found.problem()));
        problems.putIfAbsent(found.uses(), String.valueOf(found.problem()));
      } else {
        types.put(className, found.info());
      }
      String other = classByUses.putIfAbsent(found.uses(), className);
      if (other != null) {
        problems.put(
            found.uses(),
            "more than one step is called " + found.uses() + ": " + other + " and " + className);
      }
    }
    return new Known(types, parts(types, project, jars, steps), problems);
  }

  private static SortedMap<String, SortedMap<String, String>> parts(
      SortedMap<String, StepTypeInfo> types,
      ProjectClasses project,
      ThirdPartyJars jars,
      Set<String> steps) {
    SortedMap<String, SortedMap<String, String>> parts = new TreeMap<>();
    for (String className : new ArrayList<>(types.keySet())) {
      parts.put(className, Reach.parts(className.replace('.', '/'), project, jars, steps));
    }
    return parts;
  }
}
