# SPDX-License-Identifier: Apache-2.0
"""Sorting algorithms side by side, on the same numbers.

    viztracer --tui examples/sorting.py

The timeline shows what the books say: the merges of merge sort as a tree,
quicksort's uneven halves, heap sort's long tail of sift_down, and insertion
sort, which is one call and takes the longest.
"""
import random

NUMBERS = 1500


def insertion_sort(numbers):
    result = list(numbers)
    for i in range(1, len(result)):
        number = result[i]
        while i > 0 and result[i - 1] > number:
            result[i] = result[i - 1]
            i -= 1
        result[i] = number
    return result


def merge(left, right):
    result = []
    i = j = 0
    while i < len(left) and j < len(right):
        if right[j] < left[i]:
            result.append(right[j])
            j += 1
        else:
            result.append(left[i])
            i += 1
    return result + left[i:] + right[j:]


def merge_sort(numbers):
    if len(numbers) < 2:
        return list(numbers)
    middle = len(numbers) // 2
    return merge(merge_sort(numbers[:middle]), merge_sort(numbers[middle:]))


def partition(numbers, pivot):
    return ([n for n in numbers if n < pivot],
            [n for n in numbers if n == pivot],
            [n for n in numbers if n > pivot])


def quicksort(numbers):
    if len(numbers) < 2:
        return list(numbers)
    less, equal, greater = partition(numbers, numbers[len(numbers) // 2])
    return quicksort(less) + equal + quicksort(greater)


def sift_down(heap, root, end):
    while 2 * root + 1 < end:
        child = 2 * root + 1
        if child + 1 < end and heap[child] < heap[child + 1]:
            child += 1
        if heap[root] >= heap[child]:
            return
        heap[root], heap[child] = heap[child], heap[root]
        root = child


def heap_sort(numbers):
    heap = list(numbers)
    for root in range(len(heap) // 2 - 1, -1, -1):
        sift_down(heap, root, len(heap))
    for end in range(len(heap) - 1, 0, -1):
        heap[0], heap[end] = heap[end], heap[0]
        sift_down(heap, 0, end)
    return heap


def main():
    numbers = random.Random(1).sample(range(10 * NUMBERS), NUMBERS)
    wanted = sorted(numbers)
    for sort in (merge_sort, quicksort, heap_sort, insertion_sort):
        assert sort(numbers) == wanted, sort.__name__
    print("sorted %d numbers in four ways; merge was called %d times"
          % (NUMBERS, NUMBERS - 1))


if __name__ == "__main__":
    main()
