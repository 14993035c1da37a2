package io.backstay.change.yaml;

import java.time.DateTimeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The fields of one YAML mapping, taken one by one by name and type.
///
/// Whatever is missing, of the wrong type or left over at [#end] becomes a [Fault]; reading goes on
/// with a placeholder, so that one look finds all. A result built while faults were found must not
/// be used.
public final class Fields {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._@-]{0,127}");

    private final String file;
    private final String path;
    private final YamlNode.Place place;
    private final List<Fault> faults;
    private final Map<String, YamlNode.Entry> left = new LinkedHashMap<>();
    private final TreeSet<String> known = new TreeSet<>();

    private Fields(String file, String path, YamlNode node, List<Fault> faults) {
        this.file = file;
        this.path = path;
        this.place = node.place();
        this.faults = faults;
        if (node instanceof YamlNode.Mapping mapping) {
            mapping.entries().forEach(entry -> left.put(entry.key().text(), entry));
        } else {
            fault(
                    node.place(),
                    "expected a mapping in %s, found %s"
                            .formatted(path.isEmpty() ? "the file" : path, node.kind()),
                    "Write `name: value` lines.");
        }
    }

    /// @param faults where faults go, in the order they are found
    public static Fields of(String file, YamlNode root, List<Fault> faults) {
        return new Fields(file, "", root, faults);
    }

    public YamlNode.Place place() {
        return place;
    }

    /// Reports every field that was not asked for.
    public void end() {
        for (YamlNode.Entry entry : left.values()) {
            String name = entry.key().text();
            fault(
                    entry.key().place(),
                    "unknown field `%s`%s".formatted(name, path.isEmpty() ? "" : " in " + path),
                    "Known here: %s.".formatted(String.join(", ", known)));
        }
        left.clear();
    }

    public void fault(YamlNode.Place at, String what, String hint) {
        faults.add(new Fault(file, at.line(), at.column(), what, hint));
    }

    public boolean has(String name) {
        return left.containsKey(name);
    }

    /// Where the field's value stands, or where it ought to stand.
    public YamlNode.Place placeOf(String name) {
        YamlNode.Entry entry = left.get(name);
        return entry == null ? place : entry.value().place();
    }

    public String text(String name, String hint) {
        return optionalText(name).or(() -> missing(name, hint)).orElse("");
    }

    public Optional<String> optionalText(String name) {
        return take(name).flatMap(node -> scalar(name, node));
    }

    /// Letters, digits and `._@-`, at most 128: what may stand in a plan, a ledger, a file name.
    public String name(String name, String hint) {
        YamlNode.Place at = placeOf(name);
        Optional<String> text = optionalText(name);
        if (text.isEmpty()) {
            return missing(name, hint).orElse("?");
        }
        return checkedName(at, name, text.get());
    }

    public List<String> names(String name, String hint) {
        return list(
                name,
                hint,
                node ->
                        scalar(name, node)
                                .map(t -> checkedName(node.place(), name, t))
                                .orElse("?"));
    }

    public List<String> optionalNames(String name) {
        return has(name) ? names(name, "") : List.of();
    }

    public List<String> optionalTexts(String name) {
        return has(name) ? list(name, "", node -> scalar(name, node).orElse("")) : List.of();
    }

    public int count(String name, String hint) {
        return (int) number(name, hint, 0, 1_000_000);
    }

    private long number(String name, String hint, long min, long max) {
        YamlNode.Place at = placeOf(name);
        Optional<String> text = optionalText(name);
        if (text.isEmpty()) {
            missing(name, hint);
            return 0;
        }
        if (text.get().matches("[0-9]{1,9}")) {
            long value = Long.parseLong(text.get());
            if (value >= min && value <= max) {
                return value;
            }
        }
        fault(
                at,
                "expected a whole number from %d to %d in %s, found `%s`"
                        .formatted(min, max, full(name), text.get()),
                hint);
        return 0;
    }

    public boolean flag(String name, boolean whenAbsent) {
        YamlNode.Place at = placeOf(name);
        Optional<String> text = optionalText(name);
        return switch (text.orElse("")) {
            case "true" -> true;
            case "false" -> false;
            case String other -> {
                if (text.isPresent()) {
                    fault(
                            at,
                            "expected true or false in %s, found `%s`".formatted(full(name), other),
                            "YAML 1.2 has no yes, no, on, off.");
                }
                yield whenAbsent;
            }
        };
    }

    /// ISO-8601, such as PT20S or P14D; never negative.
    public Duration duration(String name, String hint) {
        return optionalDuration(name)
                .or(() -> this.<Duration>absent(name, hint))
                .orElse(Duration.ZERO);
    }

    public Optional<Duration> optionalDuration(String name) {
        YamlNode.Place at = placeOf(name);
        Optional<String> text = optionalText(name);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        try {
            Duration duration =
                    text.get().matches("P[0-9]{1,4}W")
                            ? Duration.ofDays(
                                    7L
                                            * Integer.parseInt(
                                                    text.get()
                                                            .substring(1, text.get().length() - 1)))
                            : Duration.parse(text.get());
            if (!duration.isNegative()) {
                return Optional.of(duration);
            }
        } catch (DateTimeException e) {
            fault(
                    at,
                    "expected a duration in %s, found `%s`".formatted(full(name), text.get()),
                    "Write ISO-8601: PT20S, PT5M, PT2H, P14D.");
            return Optional.of(Duration.ZERO);
        }
        fault(
                at,
                "expected no negative duration in %s, found `%s`".formatted(full(name), text.get()),
                "Write ISO-8601: PT20S, PT5M, PT2H, P14D.");
        return Optional.of(Duration.ZERO);
    }

    /// One of a closed set of words.
    public <T> T choice(String name, Map<String, T> words, T placeholder) {
        YamlNode.Place at = placeOf(name);
        Optional<String> text = optionalText(name);
        String all = String.join(" | ", new TreeSet<>(words.keySet()));
        if (text.isEmpty()) {
            missing(name, "One of: %s.".formatted(all));
            return placeholder;
        }
        T value = words.get(text.get());
        if (value == null) {
            fault(
                    at,
                    "expected %s in %s, found `%s`".formatted(all, full(name), text.get()),
                    "Write one of these words.");
            return placeholder;
        }
        return value;
    }

    /// A nested mapping that must be there.
    public <T> T section(String name, String hint, Function<Fields, T> read) {
        Optional<YamlNode> node = take(name);
        if (node.isEmpty()) {
            missing(name, hint);
            // read all the same, so that the caller gets its placeholder; its faults are the
            // same one
            return read.apply(
                    new Fields(
                            file,
                            full(name),
                            new YamlNode.Mapping(place, List.of()),
                            new ArrayList<>()));
        }
        return read(full(name), node.get(), read);
    }

    public <T> Optional<T> optionalSection(String name, Function<Fields, T> read) {
        return take(name).map(node -> read(full(name), node, read));
    }

    /// A list of mappings that must be there and not empty.
    public <T> List<T> sections(String name, String hint, Function<Fields, T> read) {
        String full = full(name);
        return list(name, hint, node -> read(full + "[]", node, read));
    }

    /// Names with texts.
    public Map<String, String> optionalTextMap(String name) {
        Map<String, String> texts = new HashMap<>();
        take(name)
                .ifPresent(
                        node -> {
                            if (node instanceof YamlNode.Mapping mapping) {
                                mapping.entries()
                                        .forEach(
                                                e ->
                                                        texts.put(
                                                                checkedName(
                                                                        e.key().place(),
                                                                        name,
                                                                        e.key().text()),
                                                                scalar(e.key().text(), e.value())
                                                                        .orElse("")));
                            } else {
                                fault(
                                        node.place(),
                                        "expected a mapping in %s, found %s"
                                                .formatted(full(name), node.kind()),
                                        "Write `name: value` lines.");
                            }
                        });
        return Map.copyOf(texts);
    }

    private <T> T read(String full, YamlNode node, Function<Fields, T> read) {
        Fields fields = new Fields(file, full, node, faults);
        T value = read.apply(fields);
        fields.end();
        return value;
    }

    private <T> List<T> list(String name, String hint, Function<YamlNode, T> read) {
        Optional<YamlNode> node = take(name);
        if (node.isEmpty()) {
            missing(name, hint);
            return List.of();
        }
        if (!(node.get() instanceof YamlNode.Sequence sequence)) {
            fault(
                    node.get().place(),
                    "expected a list in %s, found %s".formatted(full(name), node.get().kind()),
                    "Write `[a, b]`, or lines that start with `- `.");
            return List.of();
        }
        if (sequence.items().isEmpty()) {
            fault(
                    sequence.place(),
                    "expected at least one item in %s, found none".formatted(full(name)),
                    hint);
        }
        return sequence.items().stream().map(read).toList();
    }

    private Optional<YamlNode> take(String name) {
        known.add(name);
        YamlNode.@Nullable Entry entry = left.remove(name);
        return entry == null ? Optional.empty() : Optional.of(entry.value());
    }

    private Optional<String> scalar(String name, YamlNode node) {
        if (node instanceof YamlNode.Scalar scalar) {
            if (scalar.isPlain()
                    && (scalar.text().isEmpty()
                            || scalar.text().equals("null")
                            || scalar.text().equals("~"))) {
                fault(
                        scalar.place(),
                        "expected a value in %s, found nothing".formatted(full(name)),
                        "Give it, or leave the field out.");
                return Optional.of("");
            }
            return Optional.of(scalar.text());
        }
        fault(
                node.place(),
                "expected text in %s, found %s".formatted(full(name), node.kind()),
                "Write one value.");
        return Optional.of("");
    }

    private String checkedName(YamlNode.Place at, String name, String text) {
        if (!NAME.matcher(text).matches()) {
            fault(
                    at,
                    "expected a name in %s, found `%s`".formatted(full(name), text),
                    "Letters, digits and ._@- only, at most 128.");
        }
        return text;
    }

    private Optional<String> missing(String name, String hint) {
        return absent(name, hint);
    }

    private <T> Optional<T> absent(String name, String hint) {
        fault(
                place,
                "expected `%s`%s, found none".formatted(name, path.isEmpty() ? "" : " in " + path),
                hint.isEmpty() ? "Add it; there is no default." : hint);
        return Optional.empty();
    }

    private String full(String name) {
        return path.isEmpty() ? name : path + "." + name;
    }
}
