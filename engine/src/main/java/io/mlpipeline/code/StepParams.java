package io.mlpipeline.code;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.signature.SignatureReader;
import org.objectweb.asm.signature.SignatureVisitor;

/** Finds the {@code P} of {@code Step<P>}, through generic superclasses and interfaces too. */
final class StepParams {

  static final String STEP = "io/mlpipeline/step/Step";

  /** A type argument: a class's internal name, or a type variable if it starts with this. */
  private static final String VARIABLE = "T:";

  private final ProjectClasses project;

  private record Use(String name, List<String> arguments) {}

  private record Header(List<String> formals, List<Use> supers) {}

  StepParams(ProjectClasses project) {
    this.project = project;
  }

  /** Whether the class is a step at all. */
  boolean isStep(String name) {
    return find(name) != null;
  }

  /** The params record's internal name; empty if it is not said; null if the class is no step. */
  @Nullable String find(String name) {
    Deque<Use> open = new ArrayDeque<>();
    Set<String> seen = new HashSet<>();
    open.add(new Use(name, List.of()));
    while (!open.isEmpty()) {
      Use use = open.remove();
      if (use.name().equals(STEP)) {
        boolean said = !use.arguments().isEmpty() && !use.arguments().get(0).startsWith(VARIABLE);
        return said ? use.arguments().get(0) : "";
      }
      if (project.has(use.name()) && seen.add(use.name())) {
        Header header = header(use.name());
        header.supers().forEach(one -> open.add(substitute(one, header.formals(), use)));
      }
    }
    return null;
  }

  private static Use substitute(Use one, List<String> formals, Use actual) {
    List<String> arguments = new ArrayList<>();
    for (String argument : one.arguments()) {
      int formal =
          argument.startsWith(VARIABLE)
              ? formals.indexOf(argument.substring(VARIABLE.length()))
              : -1;
      boolean known = formal >= 0 && formal < actual.arguments().size();
      arguments.add(known ? actual.arguments().get(formal) : argument);
    }
    return new Use(one.name(), arguments);
  }

  private Header header(String name) {
    ClassReader reader = project.reader(name);
    String[] signature = new String[1];
    reader.accept(
        new ClassVisitor(Opcodes.ASM9) {
          @Override
          public void visit(
              int version,
              int access,
              String className,
              @Nullable String text,
              @Nullable String superName,
              String @Nullable [] interfaces) {
            signature[0] = text == null ? "" : text;
          }
        },
        ClassReader.SKIP_CODE | ClassReader.SKIP_DEBUG | ClassReader.SKIP_FRAMES);
    if (!signature[0].isEmpty()) {
      Generic generic = new Generic();
      new SignatureReader(signature[0]).accept(generic);
      return new Header(generic.formals, generic.uses());
    }
    List<Use> supers = new ArrayList<>();
    if (reader.getSuperName() != null) {
      supers.add(new Use(reader.getSuperName(), List.of()));
    }
    for (String one : reader.getInterfaces()) {
      supers.add(new Use(one, List.of()));
    }
    return new Header(List.of(), supers);
  }

  /** Reads a class's generic signature, one level deep. */
  private static final class Generic extends SignatureVisitor {

    private final List<String> formals = new ArrayList<>();
    private final List<Name> supers = new ArrayList<>();

    Generic() {
      super(Opcodes.ASM9);
    }

    List<Use> uses() {
      return supers.stream()
          .map(s -> new Use(s.text, s.arguments.stream().map(a -> a.text).toList()))
          .toList();
    }

    @Override
    public void visitFormalTypeParameter(String name) {
      formals.add(name);
    }

    @Override
    public SignatureVisitor visitClassBound() {
      return new Name();
    }

    @Override
    public SignatureVisitor visitInterfaceBound() {
      return new Name();
    }

    @Override
    public SignatureVisitor visitSuperclass() {
      return superType();
    }

    @Override
    public SignatureVisitor visitInterface() {
      return superType();
    }

    private SignatureVisitor superType() {
      Name name = new Name();
      supers.add(name);
      return name;
    }
  }

  private static final class Name extends SignatureVisitor {

    private String text = "";
    private final List<Name> arguments = new ArrayList<>();

    Name() {
      super(Opcodes.ASM9);
    }

    @Override
    public void visitClassType(String name) {
      text = name;
    }

    @Override
    public void visitInnerClassType(String name) {
      text = text + "$" + name;
    }

    @Override
    public void visitTypeVariable(String name) {
      text = VARIABLE + name;
    }

    @Override
    public SignatureVisitor visitTypeArgument(char wildcard) {
      Name argument = new Name();
      arguments.add(argument);
      return argument;
    }
  }
}
