package io.mlpipeline.model;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.AnsweringStore;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.nio.file.AccessDeniedException;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.Map;
import javax.net.ssl.SSLHandshakeException;
import org.apache.hadoop.fs.s3a.AWSServiceThrottledException;
import org.apache.hadoop.fs.s3a.AWSStatus500Exception;
import org.apache.hadoop.hdfs.protocol.DSQuotaExceededException;
import org.apache.hadoop.util.DiskChecker.DiskErrorException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FailureTypesTest {

  @Test
  void knowsExceptionsByTheNearestClassThatTheTableNames() {
    Map<Throwable, ErrorType> cases =
        Map.of(
            new NoRouteToHostException("x"), ErrorType.STORAGE_UNAVAILABLE,
            new ConnectException("refused"), ErrorType.STORAGE_UNAVAILABLE,
            new SocketTimeoutException("late"), ErrorType.STORAGE_UNAVAILABLE,
            new InterruptedIOException("stop"), ErrorType.CANCELLED,
            new SSLHandshakeException("who are you"), ErrorType.ENVIRONMENT_INVALID,
            new AccessDeniedException("/x"), ErrorType.ACCESS_DENIED,
            new DSQuotaExceededException(), ErrorType.DISK_FULL,
            new DiskErrorException("full"), ErrorType.DISK_FULL,
            new AWSServiceThrottledException("slow down"), ErrorType.STORAGE_THROTTLED,
            new AWSStatus500Exception("oops"), ErrorType.STORAGE_UNAVAILABLE);
    cases.forEach(
        (thrown, type) -> assertThat(FailureTypes.of(thrown)).as(thrown.toString()).contains(type));
  }

  @Test
  void saysNothingAboutWhatAnybodyMayThrow() {
    assertThat(FailureTypes.of(new IOException("No space left on device"))).isEmpty();
    assertThat(FailureTypes.of(new FileNotFoundException("/x"))).isEmpty();
    assertThat(FailureTypes.of(new IllegalStateException("SlowDown"))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "503, SlowDown, STORAGE_THROTTLED",
    "429, x, STORAGE_THROTTLED",
    "500, InternalError, STORAGE_UNAVAILABLE",
    "408, x, STORAGE_UNAVAILABLE",
    "403, AccessDenied, ACCESS_DENIED",
    "403, InvalidAccessKeyId, CREDENTIALS_INVALID",
    "403, SignatureDoesNotMatch, CREDENTIALS_INVALID",
    "400, ExpiredToken, CREDENTIALS_INVALID",
    "401, x, CREDENTIALS_INVALID",
    "404, NoSuchKey, INPUT_GONE",
    "412, PreconditionFailed, INPUT_GONE",
    "301, PermanentRedirect, ENVIRONMENT_INVALID",
  })
  void readsTheStatusOfAStoresAnswer(int status, String code, ErrorType type) {
    assertThat(FailureTypes.of(new AnsweringStore(status, code))).contains(type);
  }

  @ParameterizedTest
  @CsvSource({
    "08006, STORAGE_UNAVAILABLE",
    "40P01, STORAGE_UNAVAILABLE",
    "53300, STORAGE_UNAVAILABLE",
    "57P01, STORAGE_UNAVAILABLE",
    "53100, DISK_FULL",
    "28P01, CREDENTIALS_INVALID",
    "42501, ACCESS_DENIED",
    "22001, CONTRACT_BROKEN",
    "23505, CONTRACT_BROKEN",
    "42P01, ENVIRONMENT_INVALID",
    "55P03, PUBLISH_CONFLICT",
  })
  void readsTheStateOfADatabase(String state, ErrorType type) {
    assertThat(FailureTypes.of(new SQLException("no", state))).contains(type);
  }

  @Test
  void fallsBackToTheClassWhereADatabaseGivesNoState() {
    assertThat(FailureTypes.of(new SQLTransientConnectionException("gone")))
        .contains(ErrorType.STORAGE_UNAVAILABLE);
    assertThat(FailureTypes.of(new SQLException("?"))).isEmpty();
  }
}
