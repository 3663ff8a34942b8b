package io.mlpipeline.code;

import io.mlpipeline.code.ParamInfos.Unsupported;
import io.mlpipeline.model.ParamTable;
import io.mlpipeline.model.StepTypeInfo.KeyInfo;
import io.mlpipeline.model.StepTypeInfo.ParamInfo;
import io.mlpipeline.model.StepTypeInfo.ParamType;
import java.util.List;
import org.objectweb.asm.AnnotationVisitor;
import org.objectweb.asm.Opcodes;

/** Reads {@code @KeysFrom} of one component of a params record. */
final class ParamKeys extends AnnotationVisitor {

  static final String ANNOTATION = "Lio/mlpipeline/step/KeysFrom;";

  private String file = "";
  private String by = "";
  private boolean searched;

  ParamKeys() {
    super(Opcodes.ASM9);
  }

  @Override
  public void visit(String name, Object value) {
    switch (name) {
      case "by" -> by = value.toString();
      case "searched" -> searched = Boolean.TRUE.equals(value);
      default -> file = value.toString();
    }
  }

  /** The param with what the table says of its keys. */
  ParamInfo on(ParamInfo info, List<ParamInfo> all, ProjectClasses project, String record)
      throws Unsupported {
    if (info.type() != ParamType.TEXT_MAP && info.type() != ParamType.TEXT_LIST_MAP) {
      throw new Unsupported("has @KeysFrom at " + info.name() + ", which is no map");
    }
    boolean decides =
        all.stream().anyMatch(p -> p.name().equals(by) && p.type() == ParamType.CHOICE);
    if (!by.isEmpty() && !decides) {
      throw new Unsupported("has @KeysFrom by '" + by + "', which is no param that is an enum");
    }
    String path = record.substring(0, record.lastIndexOf('/') + 1) + file;
    String text = file.endsWith(ClassPathFiles.TABLE) ? project.text(path) : null;
    if (text == null) {
      throw new Unsupported(
          "has @KeysFrom of " + path + ", which is in none of the jars; tables end in .params");
    }
    try {
      ParamTable.parse(text);
    } catch (IllegalArgumentException e) {
      throw new Unsupported("has @KeysFrom of " + path + ", whose " + e.getMessage());
    }
    KeyInfo keys = new KeyInfo(by, searched, text);
    return new ParamInfo(info.name(), info.type(), info.constants(), info.defaultText(), keys);
  }
}
