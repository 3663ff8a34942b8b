package io.mlpipeline.code;

import io.mlpipeline.model.Names;
import io.mlpipeline.model.StepTypeInfo.ParamInfo;
import io.mlpipeline.model.StepTypeInfo.ParamType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.AnnotationVisitor;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.FieldVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.RecordComponentVisitor;

/** Reads a params record: names, types and defaults of its components. */
final class ParamInfos {

  private static final String DEFAULT = "Lio/mlpipeline/step/Default;";
  private static final String ALLOWED =
      "; allowed are String, int, long, double, boolean, Duration, enums, List<String>,"
          + " Map<String, String>, Map<String, List<String>> and SqlText";

  private ParamInfos() {}

  /** Something that a params record may not hold; the message continues "step class X ...". */
  static final class Unsupported extends Exception {

    private static final long serialVersionUID = 1L;

    Unsupported(String message) {
      super(message);
    }
  }

  private static final class Component {

    private final String name;
    private final String descriptor;
    private final String signature;
    private @Nullable String defaultText;
    private @Nullable ParamKeys keys;

    Component(String name, String descriptor, @Nullable String signature) {
      this.name = name;
      this.descriptor = descriptor;
      this.signature = signature == null ? "" : signature;
    }
  }

  static List<ParamInfo> read(ProjectClasses project, String record) throws Unsupported {
    if (record.isEmpty()) {
      throw new Unsupported("does not say which record its params are: implement Step<MyParams>");
    }
    if (!project.has(record)) {
      throw new Unsupported(
          "has the params record " + record.replace('/', '.') + ", which is in none of the jars");
    }
    List<Component> components = components(project, record);
    List<ParamInfo> infos = new ArrayList<>();
    for (Component component : components) {
      infos.add(info(project, component));
    }
    for (int i = 0; i < infos.size(); i++) {
      ParamKeys keys = components.get(i).keys;
      if (keys != null) {
        infos.set(i, keys.on(infos.get(i), infos, project, record));
      }
    }
    return infos;
  }

  private static ParamInfo info(ProjectClasses project, Component component) throws Unsupported {
    List<String> constants = constants(project, component.descriptor);
    ParamType type = constants.isEmpty() ? type(component) : ParamType.CHOICE;
    String key = Names.kebab(component.name);
    String text = component.defaultText;
    ParamInfo info = new ParamInfo(key, type, constants, text);
    if (text != null && ParamTexts.ofDefault(info) == null) {
      throw new Unsupported("has the default '" + text + "' for " + key + ", which is not valid");
    }
    return info;
  }

  private static ParamType type(Component component) throws Unsupported {
    return switch (component.descriptor) {
      case "Ljava/lang/String;" -> ParamType.TEXT;
      case "I", "J", "Ljava/lang/Integer;", "Ljava/lang/Long;" -> ParamType.INTEGER;
      case "D", "Ljava/lang/Double;" -> ParamType.NUMBER;
      case "Z", "Ljava/lang/Boolean;" -> ParamType.BOOLEAN;
      case "Ljava/time/Duration;" -> ParamType.DURATION;
      case "Lio/mlpipeline/step/SqlText;" -> ParamType.SQL;
      default -> generic(component);
    };
  }

  private static ParamType generic(Component component) throws Unsupported {
    return switch (component.signature) {
      case "Ljava/util/List<Ljava/lang/String;>;" -> ParamType.TEXT_LIST;
      case "Ljava/util/Map<Ljava/lang/String;Ljava/lang/String;>;",
          "Ljava/util/SortedMap<Ljava/lang/String;Ljava/lang/String;>;" ->
          ParamType.TEXT_MAP;
      case "Ljava/util/Map<Ljava/lang/String;Ljava/util/List<Ljava/lang/String;>;>;" ->
          ParamType.TEXT_LIST_MAP;
      default ->
          throw new Unsupported(
              "has the param " + component.name + " of a type that params cannot have" + ALLOWED);
    };
  }

  private static List<Component> components(ProjectClasses project, String record)
      throws Unsupported {
    ClassReader reader = project.reader(record);
    if (!"java/lang/Record".equals(reader.getSuperName())) {
      throw new Unsupported("has params that are no record: " + record.replace('/', '.'));
    }
    List<Component> components = new ArrayList<>();
    reader.accept(
        new ClassVisitor(Opcodes.ASM9) {
          @Override
          public RecordComponentVisitor visitRecordComponent(
              String name, String descriptor, @Nullable String signature) {
            Component component = new Component(name, descriptor, signature);
            components.add(component);
            return new RecordComponentVisitor(Opcodes.ASM9) {
              @Override
              public @Nullable AnnotationVisitor visitAnnotation(String type, boolean visible) {
                if (type.equals(ParamKeys.ANNOTATION)) {
                  component.keys = new ParamKeys();
                  return component.keys;
                }
                return type.equals(DEFAULT) ? new DefaultValue(component) : null;
              }
            };
          }
        },
        ClassReader.SKIP_CODE | ClassReader.SKIP_DEBUG);
    return components;
  }

  private static final class DefaultValue extends AnnotationVisitor {

    private final Component component;

    DefaultValue(Component component) {
      super(Opcodes.ASM9);
      this.component = component;
    }

    @Override
    public void visit(String name, Object value) {
      component.defaultText = value.toString();
    }
  }

  /** The constants of an enum of the project, kebab-case; empty if the type is none. */
  private static List<String> constants(ProjectClasses project, String descriptor) {
    List<String> constants = new ArrayList<>();
    String name =
        descriptor.startsWith("L") ? descriptor.substring(1, descriptor.length() - 1) : "";
    if (project.has(name)) {
      project
          .reader(name)
          .accept(
              new ClassVisitor(Opcodes.ASM9) {
                @Override
                public @Nullable FieldVisitor visitField(
                    int access,
                    String field,
                    String type,
                    @Nullable String signature,
                    @Nullable Object value) {
                  if ((access & Opcodes.ACC_ENUM) != 0) {
                    constants.add(Names.kebab(field));
                  }
                  return null;
                }
              },
              ClassReader.SKIP_CODE | ClassReader.SKIP_DEBUG);
    }
    return constants;
  }
}
