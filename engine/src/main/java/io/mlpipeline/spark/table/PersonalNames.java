package io.mlpipeline.spark.table;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Whether a column's name suggests that it holds what identifies a person. */
final class PersonalNames {

  private static final Set<String> WORDS =
      Set.of(
          "email",
          "mail",
          "phone",
          "mobile",
          "telephone",
          "fax",
          "ssn",
          "passport",
          "iban",
          "surname",
          "firstname",
          "lastname",
          "fullname",
          "forename",
          "username",
          "address",
          "street",
          "birthdate",
          "birthday",
          "dob",
          "birth");

  private static final Set<String> OWNERS =
      Set.of(
          "first",
          "last",
          "full",
          "middle",
          "family",
          "given",
          "user",
          "customer",
          "patient",
          "person",
          "contact",
          "employee",
          "owner",
          "passenger",
          "member");

  private PersonalNames() {}

  static boolean isPersonal(String column) {
    List<String> words = words(column);
    for (int i = 0; i < words.size(); i++) {
      boolean isName = words.get(i).equals("name");
      if (WORDS.contains(words.get(i))
          || (isName && (words.size() == 1 || (i > 0 && OWNERS.contains(words.get(i - 1)))))) {
        return true;
      }
    }
    return false;
  }

  /** {@code customerName}, {@code customer_name} and {@code Customer-Name} are the same words. */
  private static List<String> words(String column) {
    List<String> words = new ArrayList<>();
    for (String part : column.split("[^\\p{L}]+|(?<=\\p{Ll})(?=\\p{Lu})", -1)) {
      if (!part.isEmpty()) {
        words.add(part.toLowerCase(Locale.ROOT));
      }
    }
    return words;
  }
}
