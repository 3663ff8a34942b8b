package io.mlpipeline.code;

import io.mlpipeline.model.Durations;
import io.mlpipeline.model.Params;
import io.mlpipeline.model.StepTypeInfo.ParamInfo;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The canonical text of params, by their types: {@code 0.20} and {@code 0.2}, {@code 60s} and
 * {@code 1m}, a default that is written and one that is not, each give one text.
 */
final class ParamTexts {

  private ParamTexts() {}

  /** Canonical text by key, only where {@link Params#text} of what is written says otherwise. */
  static SortedMap<String, String> of(List<ParamInfo> infos, Params params) {
    SortedMap<String, String> texts = new TreeMap<>();
    for (ParamInfo info : infos) {
      Object written = params.find(info.name());
      String text = written == null ? ofDefault(info) : ofWritten(info, written);
      if (text != null && (written == null || !text.equals(Params.text(written)))) {
        texts.put(info.name(), text);
      }
    }
    return texts;
  }

  /** The default's text; null if there is none or if it is not of the type. */
  static @Nullable String ofDefault(ParamInfo info) {
    String text = info.defaultText();
    if (text == null) {
      return null;
    }
    return switch (info.type()) {
      case TEXT_LIST -> Params.text(list(text));
      case TEXT_MAP, TEXT_LIST_MAP -> text.isBlank() ? Params.text(Map.of()) : null;
      case CHOICE -> info.constants().contains(text) ? Params.text(text) : null;
      default -> ofWritten(info, text);
    };
  }

  /** A written value's text; null if it is not of the type, which is somebody else's to report. */
  private static @Nullable String ofWritten(ParamInfo info, Object value) {
    return switch (info.type()) {
      case TEXT, CHOICE ->
          scalar(value) == null ? null : Params.text(String.valueOf(scalar(value)));
      case INTEGER, NUMBER -> number(value);
      case BOOLEAN -> truth(value);
      case DURATION -> {
        Duration duration = Durations.parse(value.toString());
        yield duration == null ? null : Params.text(duration.toString());
      }
      case TEXT_LIST -> value instanceof List<?> list ? Params.text(strings(list)) : null;
      case TEXT_MAP -> value instanceof Map<?, ?> map ? Params.text(strings(map)) : null;
      case TEXT_LIST_MAP -> value instanceof Map<?, ?> map ? Params.text(map) : null;
      case SQL -> Params.text(SqlDigest.normalize(value.toString()));
    };
  }

  private static @Nullable String scalar(Object value) {
    if (value instanceof BigDecimal number) {
      return number.scale() < -20 ? number.toString() : number.toPlainString();
    }
    return value instanceof String || value instanceof Boolean ? value.toString() : null;
  }

  private static @Nullable String number(Object value) {
    try {
      return Params.text(new BigDecimal(value.toString().strip()));
    } catch (NumberFormatException e) {
      return null;
    }
  }

  private static @Nullable String truth(Object value) {
    return switch (value.toString()) {
      case "true" -> Params.text(true);
      case "false" -> Params.text(false);
      default -> null;
    };
  }

  private static List<String> list(String text) {
    List<String> parts = new ArrayList<>();
    if (!text.isBlank()) {
      for (String part : text.split(",", -1)) {
        parts.add(part.strip());
      }
    }
    return parts;
  }

  private static List<Object> strings(List<?> list) {
    List<Object> texts = new ArrayList<>();
    list.forEach(one -> texts.add(asText(one)));
    return texts;
  }

  private static Map<String, Object> strings(Map<?, ?> map) {
    Map<String, Object> texts = new TreeMap<>();
    map.forEach((key, value) -> texts.put((String) key, asText(value)));
    return texts;
  }

  private static Object asText(Object value) {
    String text = scalar(value);
    return text == null ? value : text;
  }
}
