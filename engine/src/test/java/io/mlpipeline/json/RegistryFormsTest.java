package io.mlpipeline.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlpipeline.model.InputKind;
import io.mlpipeline.model.LineageInput;
import io.mlpipeline.model.ModelSignature;
import io.mlpipeline.model.PinnedFile;
import io.mlpipeline.model.PinnedSource;
import io.mlpipeline.registry.Decided;
import io.mlpipeline.registry.Evidence;
import io.mlpipeline.registry.ModelCard;
import io.mlpipeline.registry.ModelState;
import io.mlpipeline.registry.PromotionStage;
import io.mlpipeline.registry.ReceiptStep;
import io.mlpipeline.registry.RegistryEvent;
import io.mlpipeline.registry.RestoredSet;
import io.mlpipeline.registry.SemanticVersion;
import io.mlpipeline.registry.VersionState;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The sealed forms of the registry: golden text, round trip, and what any change does to them. */
class RegistryFormsTest {

  private static final Instant AT = Instant.parse("2024-06-01T02:00:00.123456789Z");

  private static final RegistryEvent SMALL =
      new RegistryEvent(
          "churn",
          2,
          RegistryEvent.Kind.ROLLED_BACK,
          SemanticVersion.parse("1.0.0"),
          "m1:ab",
          PromotionStage.ARCHIVED,
          PromotionStage.PRODUCTION,
          "ann",
          AT,
          null,
          null,
          null,
          null,
          0,
          List.of(),
          null,
          "5ea1");

  private interface Reads {
    Object read(byte[] document) throws FormException;
  }

  private record Form(String name, byte[] bytes, Object value, Reads reader) {
    String text() {
      return new String(bytes, UTF_8);
    }

    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Form> forms() {
    return IntStream.range(0, 12)
        .boxed()
        .flatMap(
            seed -> {
              Samples s = new Samples(seed);
              RegistryEvent event = event(s);
              ModelCard card = card(s);
              ModelState state = state(s);
              return Stream.of(
                  new Form(
                      "event " + seed,
                      RegistryEventJson.write(event),
                      event,
                      document -> RegistryEventJson.read(document).value()),
                  new Form(
                      "card " + seed,
                      ModelCardJson.write(card),
                      card,
                      document -> ModelCardJson.read(document).value()),
                  new Form(
                      "state " + seed, ModelStateJson.write(state), state, ModelStateJson::read));
            });
  }

  private static RegistryEvent event(Samples s) {
    Evidence.Measured odd =
        new Evidence.Measured(
            Evidence.Subject.CHAMPION, s.text(), s.text(), Double.NEGATIVE_INFINITY, 7, true);
    return new RegistryEvent(
        s.text(),
        1,
        RegistryEvent.Kind.EVALUATED,
        SemanticVersion.parse("0.10.3"),
        s.text(),
        null,
        PromotionStage.STAGING,
        s.text(),
        s.instant(),
        s.text(),
        s.text(),
        s.text(),
        new Evidence(s.text(), s.text(), s.text(), List.of(odd, odd)),
        3,
        List.of(
            new Decided(s.text(), false, s.text(), new TreeMap<>(Map.of(s.text(), Double.NaN)))),
        new RestoredSet(9, List.of(s.output()), s.text()),
        s.text());
  }

  private static ModelCard card(Samples s) {
    LineageInput input = new LineageInput(s.text(), s.text(), s.text(), 3, s.text(), -1, 5);
    ModelSignature.Field field = new ModelSignature.Field(s.text(), "decimal(9,2)");
    return new ModelCard(
        s.text(),
        SemanticVersion.FIRST,
        s.text(),
        s.text(),
        s.text(),
        s.text(),
        s.text(),
        s.text(),
        s.instant(),
        s.text(),
        new ModelSignature("regression", List.of(field), field, List.of()),
        input,
        List.of(new ReceiptStep(s.text(), s.entry("churn", "train"), List.of(input))),
        List.of(
            new PinnedSource(
                s.text(),
                InputKind.FILES,
                s.text(),
                -1,
                s.text(),
                true,
                List.of(new PinnedFile(s.text(), s.text(), 1, 2, s.text())),
                1)),
        new TreeMap<>(Map.of(s.text(), s.text())),
        new TreeMap<>(Map.of(s.text(), s.text())));
  }

  private static ModelState state(Samples s) {
    VersionState version =
        new VersionState(
            SemanticVersion.parse("2.0.1"),
            s.text(),
            s.text(),
            PromotionStage.ARCHIVED,
            s.instant(),
            7,
            s.text(),
            6,
            5,
            List.of(s.text(), s.text()),
            true,
            0);
    return new ModelState(s.text(), 7, s.text(), List.of(version));
  }

  @ParameterizedTest
  @MethodSource("forms")
  void comesBackAsItWas(Form form) throws FormException {
    assertThat(form.reader().read(form.bytes())).isEqualTo(form.value());
    assertThat(form.text()).matches("(?s)\\{\"format\":1,.*,\"seal\":\"[0-9a-f]{64}\"}");
  }

  @ParameterizedTest
  @MethodSource("forms")
  void showsEveryByteThatWasChangedAddedOrLost(Form form) {
    byte[] whole = form.bytes();
    int stride = Math.max(1, whole.length / 97);
    for (int i = 0; i < whole.length; i += stride) {
      byte[] flipped = whole.clone();
      flipped[i] ^= 1;
      assertUnreadable(form, flipped);
      assertUnreadable(form, Arrays.copyOf(whole, i));
    }
    assertUnreadable(form, (form.text() + " ").getBytes(UTF_8));
    assertUnreadable(form, form.text().replaceFirst(",", ", ").getBytes(UTF_8));
    assertUnreadable(form, form.text().replaceFirst("\\{", "{\"later\":1,").getBytes(UTF_8));
  }

  private static void assertUnreadable(Form form, byte[] document) {
    assertThatThrownBy(() -> form.reader().read(document)).isInstanceOf(FormException.class);
  }

  @ParameterizedTest
  @MethodSource("forms")
  void tellsANewerFormFromDamage(Form form) {
    String newer = form.text().replaceFirst("\"format\":1", "\"format\":9");
    assertThatThrownBy(() -> form.reader().read(newer.getBytes(UTF_8)))
        .isInstanceOfSatisfying(
            FormException.class, e -> assertThat(e.kind()).isEqualTo(FormException.Kind.NEWER));
  }

  @Test
  void aSmallEventLooksLikeThis() throws FormException {
    String body =
        "{\"format\":1,\"model\":\"churn\",\"number\":2,\"kind\":\"rolled_back\","
            + "\"version\":\"1.0.0\",\"digest\":\"m1:ab\",\"from\":\"archived\","
            + "\"to\":\"production\",\"by\":\"ann\",\"at\":\"2024-06-01T02:00:00.123456789Z\","
            + "\"evidence_at\":0,\"decided\":[],\"previous\":\"5ea1\"";
    String seal =
        java.util.HexFormat.of()
            .formatHex(io.mlpipeline.model.Canonical.sha256().digest(body.getBytes(UTF_8)));
    byte[] document = RegistryEventJson.write(SMALL);
    assertThat(new String(document, UTF_8)).isEqualTo(body + ",\"seal\":\"" + seal + "\"}");
    assertThat(RegistryEventJson.seal(SMALL)).isEqualTo(seal);
    assertThat(RegistryEventJson.read(document)).isEqualTo(new Sealed<>(SMALL, seal));
  }
}
