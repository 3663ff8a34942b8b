package io.mlpipeline.code;

import io.mlpipeline.model.Canonical;
import java.lang.reflect.Array;
import org.objectweb.asm.ConstantDynamic;
import org.objectweb.asm.Handle;
import org.objectweb.asm.Type;

/** Writes a constant so that two are equal only if value and type are. */
final class Constants {

  private Constants() {}

  static void write(Canonical sink, Object value, References references) {
    references.constant(value);
    sink.text(value.getClass().getSimpleName());
    if (value instanceof Double number) {
      long bits = Double.doubleToRawLongBits(number);
      sink.count((int) (bits >>> 32)).count((int) bits);
    } else if (value instanceof Float number) {
      sink.count(Float.floatToRawIntBits(number));
    } else if (value instanceof Type type) {
      sink.text(type.getDescriptor());
    } else if (value instanceof Handle handle) {
      writeHandle(sink, handle);
    } else if (value instanceof ConstantDynamic dynamic) {
      sink.text(dynamic.getName()).text(dynamic.getDescriptor());
      writeHandle(sink, dynamic.getBootstrapMethod());
      sink.count(dynamic.getBootstrapMethodArgumentCount());
      for (int i = 0; i < dynamic.getBootstrapMethodArgumentCount(); i++) {
        write(sink, dynamic.getBootstrapMethodArgument(i), references);
      }
    } else if (value.getClass().isArray()) {
      writeArray(sink, value, references);
    } else {
      sink.text(value.toString());
    }
  }

  static void writeHandle(Canonical sink, Handle handle) {
    sink.count(handle.getTag()).text(handle.getOwner()).text(handle.getName());
    sink.text(handle.getDesc()).count(handle.isInterface() ? 1 : 0);
  }

  private static void writeArray(Canonical sink, Object array, References references) {
    int length = Array.getLength(array);
    sink.count(length);
    for (int i = 0; i < length; i++) {
      write(sink, Array.get(array, i), references);
    }
  }
}
