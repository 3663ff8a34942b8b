package io.mlpipeline.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LocationsTest {

  @ParameterizedTest
  @CsvSource({
    "s3a://b/x,true",
    "file:/x,true",
    "/x,false",
    "x/y:z,false",
    "c:/x,false",
    "1a:/x,false"
  })
  void knowsASchemeFromAPath(String location, boolean expected) {
    assertThat(Locations.hasScheme(location)).isEqualTo(expected);
  }
}
