package io.mlpipeline.mlflow;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The part of MLflow's REST interface that is called here, kept in memory. */
final class FakeTracking implements AutoCloseable {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String BASE = "/api/2.0/mlflow/";

  private final HttpServer server;
  private final Map<String, Object> experiments = new LinkedHashMap<>();
  final List<String> calls = new ArrayList<>();
  final List<Map<String, Object>> runs = new ArrayList<>();
  final Map<String, String> params = new TreeMap<>();
  final Map<String, String> tags = new TreeMap<>();
  final Map<String, Double> metrics = new TreeMap<>();
  final List<Integer> batches = new ArrayList<>();
  volatile int failingFrom = Integer.MAX_VALUE;
  volatile int failure = 500;

  FakeTracking() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
  }

  String uri() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  private synchronized void answer(HttpExchange call) throws IOException {
    String path = call.getRequestURI().getPath();
    String body = new String(call.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    calls.add(path.startsWith(BASE) ? path.substring(BASE.length()) : path);
    if (calls.size() >= failingFrom) {
      reply(call, failure, "{\"error_code\":\"INTERNAL_ERROR\",\"message\":\"no luck\"}");
      return;
    }
    Map<String, Object> request =
        body.isEmpty() ? Map.of() : JSON.readValue(body, new TypeReference<>() {});
    Object answer = answer(calls.get(calls.size() - 1), call.getRequestURI().getQuery(), request);
    if (answer == null) {
      reply(call, 404, "{\"error_code\":\"RESOURCE_DOES_NOT_EXIST\",\"message\":\"none\"}");
    } else {
      reply(call, 200, JSON.writeValueAsString(answer));
    }
  }

  private Object answer(String method, String query, Map<String, Object> request) {
    return switch (method) {
      case "experiments/get-by-name" -> {
        Object known = experiments.get(query.substring(query.indexOf('=') + 1));
        yield known == null ? null : Map.of("experiment", known);
      }
      case "experiments/create" -> {
        Map<String, Object> made =
            Map.of("experiment_id", "7", "name", request.get("name"), "lifecycle_stage", "active");
        experiments.put((String) request.get("name"), made);
        yield Map.of("experiment_id", "7");
      }
      case "runs/search" -> Map.of("runs", found((String) request.get("filter")));
      case "runs/create" -> {
        runs.add(run(request));
        yield Map.of("run", Map.of("info", info(runs.get(runs.size() - 1))));
      }
      case "runs/log-batch" -> {
        log(request);
        yield Map.of();
      }
      case "runs/update" -> {
        runs.get(0).put("status", request.get("status"));
        runs.get(0).put("end_time", request.get("end_time"));
        yield Map.of("run_info", info(runs.get(0)));
      }
      default -> null;
    };
  }

  private Map<String, Object> run(Map<String, Object> request) {
    Map<String, Object> run = new LinkedHashMap<>(request);
    run.put("status", "RUNNING");
    run.put("run_id", "run" + runs.size());
    entries(request, "tags").forEach(e -> tags.put((String) e.get("key"), (String) e.get("value")));
    return run;
  }

  private static Map<String, Object> info(Map<String, Object> run) {
    return Map.of("run_id", run.get("run_id"), "status", run.get("status"));
  }

  private List<Object> found(String filter) {
    String wanted = "tags.`mlpipeline.run` = '" + tags.get("mlpipeline.run") + "'";
    return filter.equals(wanted)
        ? runs.stream().<Object>map(run -> Map.of("info", info(run))).toList()
        : List.of();
  }

  private void log(Map<String, Object> request) {
    batches.add(
        entries(request, "params").size()
            + entries(request, "tags").size()
            + entries(request, "metrics").size());
    for (Map<String, Object> one : entries(request, "params")) {
      String before = params.put((String) one.get("key"), (String) one.get("value"));
      if (before != null && !before.equals(one.get("value"))) {
        throw new IllegalStateException("MLflow never changes a param");
      }
    }
    entries(request, "tags").forEach(e -> tags.put((String) e.get("key"), (String) e.get("value")));
    entries(request, "metrics")
        .forEach(
            e ->
                metrics.put((String) e.get("key"), Double.valueOf(String.valueOf(e.get("value")))));
  }

  @SuppressWarnings("unchecked")
  private static List<Map<String, Object>> entries(Map<String, Object> request, String key) {
    return (List<Map<String, Object>>) request.getOrDefault(key, List.of());
  }

  private static void reply(HttpExchange call, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    call.getResponseHeaders().set("Content-Type", "application/json");
    call.sendResponseHeaders(status, bytes.length);
    call.getResponseBody().write(bytes);
    call.close();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
