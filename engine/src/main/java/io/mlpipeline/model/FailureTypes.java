package io.mlpipeline.model;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The one table that says what an exception of the JDK, Hadoop, Spark, Delta, a store's client or a
 * database means: by its class or the nearest class above it, by the HTTP status that it carries,
 * or by its SQLSTATE; never by its text. Classes are known by name, for most of them are not on
 * every class path. Pure.
 */
public final class FailureTypes {

  private static final String S3A = "org.apache.hadoop.fs.s3a.";
  private static final String RPC = "org.apache.spark.rpc.";

  private static final Map<String, ErrorType> BY_CLASS = byClass();

  /** Whose exceptions carry an HTTP status. */
  private static final List<String> CLIENTS =
      List.of(
          "com.amazonaws.",
          "software.amazon.awssdk.",
          "org.apache.hadoop.fs.azurebfs.",
          "com.azure.",
          "com.microsoft.azure.",
          "com.google.");

  /** What S3 calls credentials that are no good; it answers 403 or 400 to all of these. */
  private static final Set<String> BAD_CREDENTIALS =
      Set.of(
          "InvalidAccessKeyId",
          "SignatureDoesNotMatch",
          "ExpiredToken",
          "InvalidToken",
          "InvalidClientTokenId",
          "UnrecognizedClientException",
          "TokenRefreshRequired",
          "AuthorizationHeaderMalformed");

  private static final Set<String> THROTTLED =
      Set.of("SlowDown", "Throttling", "ThrottlingException", "RequestLimitExceeded");

  private FailureTypes() {}

  /** What this one throwable says, without its causes; empty if its kind says nothing. */
  public static Optional<ErrorType> of(Throwable one) {
    if (one instanceof EngineException known) {
      return Optional.of(known.type());
    }
    ErrorType type = ofStatus(one);
    if (type == null && one instanceof SQLException sql && sql.getSQLState() != null) {
      type = ofSqlState(sql.getSQLState()).orElse(null);
    }
    return Optional.ofNullable(type == null ? ofClass(one) : type);
  }

  private static @Nullable ErrorType ofClass(Throwable one) {
    if (one.getClass() == java.io.InterruptedIOException.class) {
      return ErrorType.CANCELLED; // the classes below it are timeouts
    }
    for (Class<?> at = one.getClass(); at != null; at = at.getSuperclass()) {
      ErrorType type = BY_CLASS.get(at.getName());
      if (type != null) {
        return type;
      }
    }
    return null;
  }

  /**
   * What a database's SQLSTATE means; empty for what says nothing.
   *
   * @param state five characters, of the standard or PostgreSQL's own
   */
  public static Optional<ErrorType> ofSqlState(String state) {
    return Optional.ofNullable(
        switch (state) {
          case "42501" -> ErrorType.ACCESS_DENIED;
          case "42P10", "42703", "42804", "42846" -> ErrorType.CONTRACT_BROKEN;
          case "53100" -> ErrorType.DISK_FULL;
          case "55P03" -> ErrorType.PUBLISH_CONFLICT;
          default ->
              switch (state.length() < 2 ? "" : state.substring(0, 2)) {
                case "28" -> ErrorType.CREDENTIALS_INVALID;
                case "22", "23" -> ErrorType.CONTRACT_BROKEN;
                case "3D", "3F", "0A", "42" -> ErrorType.ENVIRONMENT_INVALID;
                case "08", "40", "53", "57", "58" -> ErrorType.STORAGE_UNAVAILABLE;
                default -> null;
              };
        });
  }

  private static @Nullable ErrorType ofStatus(Throwable one) {
    if (CLIENTS.stream().noneMatch(one.getClass().getName()::startsWith)) {
      return null;
    }
    String code = String.valueOf(firstOf(one, "getErrorCode", "errorCode"));
    if (BAD_CREDENTIALS.contains(code)) {
      return ErrorType.CREDENTIALS_INVALID;
    }
    if (THROTTLED.contains(code)) {
      return ErrorType.STORAGE_THROTTLED;
    }
    Object status = firstOf(one, "getStatusCode", "statusCode", "getCode");
    return status instanceof Integer number ? ofHttp(number) : null;
  }

  private static @Nullable ErrorType ofHttp(int status) {
    return switch (status) {
      case 401 -> ErrorType.CREDENTIALS_INVALID;
      case 403 -> ErrorType.ACCESS_DENIED;
      case 404, 410, 412, 416 -> ErrorType.INPUT_GONE;
      case 429, 503 -> ErrorType.STORAGE_THROTTLED;
      case 507 -> ErrorType.DISK_FULL;
      case 301, 400, 405 -> ErrorType.ENVIRONMENT_INVALID;
      default -> status == 408 || status >= 500 ? ErrorType.STORAGE_UNAVAILABLE : null;
    };
  }

  private static @Nullable Object firstOf(Throwable one, String... methods) {
    for (String name : methods) {
      try {
        Method method = one.getClass().getMethod(name);
        if (Modifier.isPublic(method.getDeclaringClass().getModifiers())) {
          return method.invoke(one);
        }
      } catch (NoSuchMethodException | IllegalAccessException | InvocationTargetException ignored) {
        // Another client calls it otherwise.
      }
    }
    return null;
  }

  private static Map<String, ErrorType> byClass() {
    Map<String, ErrorType> map = new HashMap<>();
    jdkAndSpark(map);
    hadoop(map);
    delta(map);
    return Map.copyOf(map);
  }

  private static void jdkAndSpark(Map<String, ErrorType> map) {
    map.put("java.lang.OutOfMemoryError", ErrorType.OUT_OF_MEMORY);
    map.put("java.lang.InterruptedException", ErrorType.CANCELLED);
    map.put("java.nio.channels.ClosedByInterruptException", ErrorType.CANCELLED);
    map.put("org.apache.spark.TaskKilledException", ErrorType.CANCELLED);
    map.put("java.nio.file.AccessDeniedException", ErrorType.ACCESS_DENIED);
    map.put("java.net.SocketTimeoutException", ErrorType.STORAGE_UNAVAILABLE);
    map.put("java.net.SocketException", ErrorType.STORAGE_UNAVAILABLE);
    map.put("java.net.UnknownHostException", ErrorType.STORAGE_UNAVAILABLE);
    map.put("java.net.http.HttpTimeoutException", ErrorType.STORAGE_UNAVAILABLE);
    map.put("javax.net.ssl.SSLException", ErrorType.STORAGE_UNAVAILABLE);
    map.put("javax.net.ssl.SSLHandshakeException", ErrorType.ENVIRONMENT_INVALID);
    map.put("org.apache.http.NoHttpResponseException", ErrorType.STORAGE_UNAVAILABLE);
    map.put("java.sql.SQLTransientException", ErrorType.STORAGE_UNAVAILABLE);
    map.put("java.sql.SQLRecoverableException", ErrorType.STORAGE_UNAVAILABLE);
    map.put("java.sql.SQLInvalidAuthorizationSpecException", ErrorType.CREDENTIALS_INVALID);
    map.put("javax.security.auth.login.LoginException", ErrorType.CREDENTIALS_INVALID);
    map.put("org.ietf.jgss.GSSException", ErrorType.CREDENTIALS_INVALID);
    map.put("org.apache.spark.shuffle.FetchFailedException", ErrorType.FETCH_FAILED);
    map.put(RPC + "RpcTimeoutException", ErrorType.EXECUTOR_LOST);
    map.put(RPC + "RpcEnvStoppedException", ErrorType.EXECUTOR_LOST);
    map.put("org.apache.spark.SparkFileNotFoundException", ErrorType.INPUT_GONE);
    map.put("org.apache.parquet.io.ParquetDecodingException", ErrorType.STORAGE_CORRUPT);
  }

  private static void hadoop(Map<String, ErrorType> map) {
    String security = "org.apache.hadoop.security.";
    String hdfs = "org.apache.hadoop.hdfs.protocol.";
    map.put(security + "AccessControlException", ErrorType.ACCESS_DENIED);
    map.put(security + "KerberosAuthException", ErrorType.CREDENTIALS_INVALID);
    map.put(security + "token.SecretManager$InvalidToken", ErrorType.CREDENTIALS_INVALID);
    map.put(hdfs + "QuotaExceededException", ErrorType.DISK_FULL);
    map.put(hdfs + "ClusterStorageCapacityExceededException", ErrorType.DISK_FULL);
    map.put("org.apache.hadoop.util.DiskChecker$DiskErrorException", ErrorType.DISK_FULL);
    map.put("org.apache.hadoop.util.DiskChecker$DiskOutOfSpaceException", ErrorType.DISK_FULL);
    map.put("org.apache.hadoop.fs.ChecksumException", ErrorType.STORAGE_CORRUPT);
    map.put("org.apache.hadoop.hdfs.BlockMissingException", ErrorType.STORAGE_CORRUPT);
    map.put("org.apache.hadoop.ipc.RetriableException", ErrorType.STORAGE_UNAVAILABLE);
    map.put("org.apache.hadoop.ipc.StandbyException", ErrorType.STORAGE_UNAVAILABLE);
    map.put(
        "org.apache.hadoop.hdfs.server.namenode.SafeModeException", ErrorType.STORAGE_UNAVAILABLE);
    map.put("org.apache.hadoop.fs.UnsupportedFileSystemException", ErrorType.ENVIRONMENT_INVALID);
    map.put(S3A + "AWSServiceThrottledException", ErrorType.STORAGE_THROTTLED);
    map.put(S3A + "AWSStatus500Exception", ErrorType.STORAGE_UNAVAILABLE);
    map.put(S3A + "AWSNoResponseException", ErrorType.STORAGE_UNAVAILABLE);
    map.put(S3A + "AWSClientIOException", ErrorType.STORAGE_UNAVAILABLE);
    map.put(S3A + "RemoteFileChangedException", ErrorType.INPUT_GONE);
    map.put(S3A + "UnknownStoreException", ErrorType.ENVIRONMENT_INVALID);
    map.put(S3A + "AWSRedirectException", ErrorType.ENVIRONMENT_INVALID);
    map.put(S3A + "AWSBadRequestException", ErrorType.ENVIRONMENT_INVALID);
    map.put(S3A + "CredentialInitializationException", ErrorType.CREDENTIALS_INVALID);
    map.put(S3A + "auth.NoAuthWithAWSException", ErrorType.CREDENTIALS_INVALID);
    map.put(S3A + "auth.NoAwsCredentialsException", ErrorType.CREDENTIALS_INVALID);
  }

  private static void delta(Map<String, ErrorType> map) {
    for (DeltaConflict conflict : DeltaConflict.values()) {
      for (String name : conflict.classNames()) {
        map.put(name, ErrorType.PUBLISH_CONFLICT);
      }
    }
  }
}
