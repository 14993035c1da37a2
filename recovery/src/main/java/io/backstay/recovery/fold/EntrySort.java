package io.backstay.recovery.fold;

/// Sorts entry numbers by what they stand for, without an object each. Stable.
final class EntrySort {
    /// As in [java.util.Comparator].
    interface Order {
        int compare(int a, int b);
    }

    private EntrySort() {}

    /// Numbers from 0 to `size - 1` in that order.
    static int[] sorted(int size, Order order) {
        int[] from = new int[size];
        for (int i = 0; i < size; i++) {
            from[i] = i;
        }
        int[] to = new int[size];
        for (long width = 1; width < size; width *= 2) {
            for (long low = 0; low < size; low += 2 * width) {
                int middle = (int) Math.min(low + width, size);
                int high = (int) Math.min(low + 2 * width, size);
                if (middle < high && order.compare(from[middle - 1], from[middle]) <= 0) {
                    System.arraycopy(from, (int) low, to, (int) low, high - (int) low);
                } else {
                    merge(from, to, (int) low, middle, high, order);
                }
            }
            int[] swap = from;
            from = to;
            to = swap;
        }
        return from;
    }

    private static void merge(int[] from, int[] to, int low, int middle, int high, Order order) {
        int a = low;
        int b = middle;
        for (int i = low; i < high; i++) {
            boolean takesFirst = b >= high || (a < middle && order.compare(from[a], from[b]) <= 0);
            to[i] = takesFirst ? from[a++] : from[b++];
        }
    }
}
