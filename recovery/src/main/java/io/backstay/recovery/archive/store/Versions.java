package io.backstay.recovery.archive.store;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What changes in a bucket, as objects that do not: `KEY/NNNNNNNNNNNN`, numbered from 1.
///
/// The highest number counts. A number is written by a conditional PUT, so that of two who write at
/// once one succeeds and the other begins anew from what that one wrote. Old numbers go after
/// [#KEPT_FOR] by the store's own clock: nobody who has read one is still about to write the next.
final class Versions {
    private static final Duration KEPT_FOR = Duration.ofDays(1);
    private static final int PRUNED_AT_ONCE_MAX = 20;
    private static final Pattern NUMBER = Pattern.compile("[0-9]{12}");

    private final S3Objects objects;
    private final String prefix;

    Versions(S3Objects objects, String key) {
        this.objects = objects;
        prefix = key + "/";
    }

    /// @param age since its last write, by the store's clock; null if the store has told no time
    record Newest(long number, Instant modified, Optional<Duration> age) {}

    Optional<Newest> newest() {
        Numbers all = numbers();
        if (all.objects().isEmpty()) {
            return Optional.empty();
        }
        S3Objects.Listed last = all.objects().getLast();
        Instant now = all.now();
        return Optional.of(
                new Newest(
                        number(last.key()),
                        last.modified(),
                        now == null
                                ? Optional.empty()
                                : Optional.of(Duration.between(last.modified(), now))));
    }

    Optional<byte[]> find(long number) {
        return objects.find(key(number));
    }

    /// All, oldest first.
    List<byte[]> all() {
        var contents = new ArrayList<byte[]>();
        for (S3Objects.Listed object : numbers().objects()) {
            objects.find(object.key()).ifPresent(contents::add);
        }
        return List.copyOf(contents);
    }

    /// @return false if that number is taken
    boolean add(long number, byte[] content) {
        return objects.create(key(number), content);
    }

    /// Writes a number again that is this writer's own.
    void rewrite(long number, byte[] content) {
        objects.put(key(number), content);
    }

    void delete(long number) {
        objects.delete(key(number));
    }

    /// Deletes numbers that nobody goes by any more.
    void prune() {
        List<S3Objects.Listed> all = numbers().objects();
        if (all.size() < 2) {
            return;
        }
        Instant limit = all.getLast().modified().minus(KEPT_FOR);
        all.subList(0, all.size() - 1).stream()
                .filter(object -> object.modified().isBefore(limit))
                .limit(PRUNED_AT_ONCE_MAX)
                .forEach(object -> objects.delete(object.key()));
    }

    private String key(long number) {
        return prefix + "%012d".formatted(number);
    }

    private long number(String key) {
        return Long.parseLong(key.substring(prefix.length()));
    }

    /// In the order of their numbers. Some stores show, for a moment, names of their own beside one
    /// that is being written.
    private Numbers numbers() {
        S3Objects.Listing all = objects.list(prefix, true);
        return new Numbers(
                all.objects().stream()
                        .filter(o -> NUMBER.matcher(o.key().substring(prefix.length())).matches())
                        .toList(),
                all.now());
    }

    private record Numbers(List<S3Objects.Listed> objects, @Nullable Instant now) {}
}
