package io.mlpipeline.spark.drift;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * How the columns of some rows are distributed. Profiles of parts add up to the profile of the
 * whole: exactly for categories while there are few, within the sketch's error for numbers.
 * Immutable once it is made.
 */
public final class Profile {

  private static final int VERSION = 1;

  private final Map<String, NumberProfile> numbers;
  private final Map<String, CategoryProfile> categories;

  Profile(Map<String, NumberProfile> numbers, Map<String, CategoryProfile> categories) {
    this.numbers = new TreeMap<>(numbers);
    this.categories = new TreeMap<>(categories);
  }

  /** The profile of all the parts' rows, in the order of the parts; the parts stay as they are. */
  public static Profile merge(List<Profile> parts) {
    Map<String, NumberProfile> numbers = new TreeMap<>();
    Map<String, CategoryProfile> categories = new TreeMap<>();
    for (Profile part : parts) {
      part.numbers.forEach(
          (key, one) -> numbers.computeIfAbsent(key, absent -> new NumberProfile()).merge(one));
      part.categories.forEach(
          (key, one) ->
              categories.computeIfAbsent(key, absent -> new CategoryProfile()).merge(one));
    }
    categories.values().forEach(CategoryProfile::trimmed);
    return new Profile(numbers, categories);
  }

  /** The profiles of different columns of the same rows, as one. */
  public Profile with(Profile other) {
    Profile both = new Profile(numbers, categories);
    both.numbers.putAll(other.numbers);
    both.categories.putAll(other.categories);
    return both;
  }

  /** What is asked, alone; empty if the profile does not hold it. */
  public Optional<Profile> only(Asked asked) {
    Profile part = new Profile(Map.of(), Map.of());
    NumberProfile number = numbers.get(asked.key());
    CategoryProfile category = categories.get(asked.key());
    if (number != null) {
      part.numbers.put(asked.key(), number);
    } else if (category != null) {
      part.categories.put(asked.key(), category);
    } else {
      return Optional.empty();
    }
    return Optional.of(part);
  }

  /** How many rows were profiled; 0 if the column is not in it. */
  public long rows(Asked asked) {
    NumberProfile number = numbers.get(asked.key());
    CategoryProfile category = categories.get(asked.key());
    return number != null ? number.rows() : category != null ? category.rows() : 0;
  }

  NumberProfile numbers(String column) {
    Asked asked = new Asked(column, Asked.Form.NUMBERS);
    return known(numbers.get(asked.key()), asked);
  }

  CategoryProfile categories(String column) {
    Asked asked = new Asked(column, Asked.Form.CATEGORIES);
    return known(categories.get(asked.key()), asked);
  }

  private static <T> T known(@Nullable T found, Asked asked) {
    if (found == null) {
      throw new IllegalArgumentException(
          "the profile holds no " + asked.key() + ": ask the profiler for it");
    }
    return found;
  }

  /** The stored form, with a version. */
  public byte[] toBytes() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeByte(VERSION);
      out.writeInt(numbers.size());
      for (Map.Entry<String, NumberProfile> one : numbers.entrySet()) {
        out.writeUTF(one.getKey());
        one.getValue().write(out);
      }
      out.writeInt(categories.size());
      for (Map.Entry<String, CategoryProfile> one : categories.entrySet()) {
        out.writeUTF(one.getKey());
        one.getValue().write(out);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("memory cannot fail to be written", e);
    }
    return bytes.toByteArray();
  }

  /** Reads the stored form; empty if it is damaged or of another version. */
  public static Optional<Profile> find(byte[] bytes) {
    Profile profile = new Profile(Map.of(), Map.of());
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      if (in.readByte() != VERSION) {
        return Optional.empty();
      }
      for (int left = in.readInt(); left > 0; left--) {
        profile.numbers.put(in.readUTF(), NumberProfile.read(in));
      }
      for (int left = in.readInt(); left > 0; left--) {
        profile.categories.put(in.readUTF(), CategoryProfile.read(in));
      }
      return in.read() < 0 ? Optional.of(profile) : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
