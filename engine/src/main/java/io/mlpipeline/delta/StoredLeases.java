package io.mlpipeline.delta;

import io.mlpipeline.json.FormException;
import io.mlpipeline.json.LeaseJson;
import io.mlpipeline.model.LeaseClaim;
import io.mlpipeline.model.LeaseEnd;
import io.mlpipeline.port.LeaseStore;
import io.mlpipeline.port.ObjectStore;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Leases as objects: {@code leases/<pipeline>/<n>.json} is put if absent by who takes the lease,
 * {@code <n>.beat.json} is replaced by its holder, {@code <n>.end.json} is put if absent by who
 * ends it. Objects of leases long ago are removed by whoever takes a new one. No class of Hadoop is
 * loaded for a local warehouse.
 */
public final class StoredLeases implements LeaseStore {

  private static final Pattern NAME = Pattern.compile("([0-9]{12,18})(\\.beat|\\.end)?\\.json");

  /** So many leases are kept: their ends say how runs ended that did not say so themselves. */
  private static final int KEPT = 20;

  private final ObjectStore objects;

  /** Over the objects below {@code <warehouse>/_ml/}. */
  public StoredLeases(ObjectStore objects) {
    this.objects = objects;
  }

  /** What the names of a pipeline's objects say. */
  private record Names(long newest, Set<Long> claimed, Set<Long> ended) {}

  private Names names(String pipeline) {
    long newest = 0;
    Set<Long> claimed = new HashSet<>();
    Set<Long> ended = new HashSet<>();
    for (String key : objects.list(prefix(pipeline))) {
      Matcher name = NAME.matcher(key.substring(prefix(pipeline).length()));
      if (name.matches() && name.group(2) == null) {
        claimed.add(Long.parseLong(name.group(1)));
        newest = Math.max(newest, Long.parseLong(name.group(1)));
      } else if (name.matches() && ".end".equals(name.group(2))) {
        ended.add(Long.parseLong(name.group(1)));
      }
    }
    return new Names(newest, claimed, ended);
  }

  @Override
  public Seen look(String pipeline) {
    Names names = names(pipeline);
    long epoch = names.newest();
    if (epoch == 0) {
      return Seen.none(pipeline);
    }
    Standing standing = names.ended().contains(epoch) ? Standing.ENDED : Standing.OPEN;
    LeaseClaim holder = null;
    String damage = null;
    try {
      holder = LeaseJson.readClaim(objects.find(key(pipeline, epoch, "")).orElse(new byte[0]));
    } catch (FormException e) {
      damage = "_ml/" + key(pipeline, epoch, "") + " cannot be read: " + e.getMessage();
    }
    byte[] beat = objects.find(key(pipeline, epoch, ".beat")).orElse(new byte[0]);
    String text = new String(beat, StandardCharsets.ISO_8859_1);
    return new Seen(pipeline, epoch, standing, holder, damage, text, beatAt(beat));
  }

  private static @Nullable Instant beatAt(byte[] beat) {
    try {
      return beat.length == 0 ? null : LeaseJson.readBeat(beat);
    } catch (FormException e) {
      return null; // whether it changes can be seen all the same
    }
  }

  @Override
  public boolean claim(LeaseClaim claim) {
    String pipeline = claim.pipeline();
    if (!objects.putIfAbsent(key(pipeline, claim.epoch(), ""), LeaseJson.write(claim))) {
      return false;
    }
    Names names = names(pipeline);
    if (names.newest() != claim.epoch()) {
      return false; // so old a number that its lease had been forgotten
    }
    names.claimed().stream()
        .filter(n -> n <= claim.epoch() - KEPT)
        .forEach(n -> forget(pipeline, n));
    return true;
  }

  /** The claim goes last: what is left of a lease is found by it. */
  private void forget(String pipeline, long epoch) {
    List.of(".beat", ".end", "").forEach(part -> objects.delete(key(pipeline, epoch, part)));
  }

  @Override
  public void beat(LeaseClaim claim, long number, Instant at) {
    objects.replace(key(claim.pipeline(), claim.epoch(), ".beat"), LeaseJson.writeBeat(number, at));
  }

  @Override
  public boolean end(String pipeline, long epoch, LeaseEnd end) {
    return objects.putIfAbsent(key(pipeline, epoch, ".end"), LeaseJson.write(end));
  }

  @Override
  public Optional<LeaseEnd> findEnd(String pipeline, long epoch) {
    return StoredForms.find(objects, key(pipeline, epoch, ".end"), LeaseJson::readEnd);
  }

  @Override
  public Optional<LeaseClaim> findClaim(String pipeline, String run) {
    return names(pipeline).claimed().stream()
        .flatMap(
            n -> StoredForms.find(objects, key(pipeline, n, ""), LeaseJson::readClaim).stream())
        .filter(claim -> claim.run().equals(run))
        .findFirst();
  }

  @Override
  public boolean isInForce(String pipeline, long epoch) {
    Names names = names(pipeline);
    return names.newest() == epoch && !names.ended().contains(epoch);
  }

  private static String prefix(String pipeline) {
    return "leases/" + pipeline + "/";
  }

  private static String key(String pipeline, long epoch, String part) {
    return String.format(Locale.ROOT, "%s%012d%s.json", prefix(pipeline), epoch, part);
  }
}
