package io.backstay.cli;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/// Names that a mistyped word may have meant, nearest first.
final class NearestNames {
    private static final int OFFERED_MAX = 3;

    private NearestNames() {}

    /// Names at an edit distance of at most half the word's length, or that begin with it; none is
    /// an answer too.
    static List<String> to(String word, Collection<String> names) {
        return names.stream()
                .filter(name -> name.startsWith(word) || distance(word, name) <= word.length() / 2)
                .sorted(
                        Comparator.comparingInt((String name) -> distance(word, name))
                                .thenComparing(name -> name))
                .limit(OFFERED_MAX)
                .toList();
    }

    /// Levenshtein: insertions, deletions and replacements.
    static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.length()];
    }
}
