# SPDX-License-Identifier: Apache-2.0
"""Threads that hand work to each other.

    viztracer --tui examples/multithreading.py

Readers fill a queue, workers take from it, one thread writes what they made.
The timeline has a row for each thread: who waits for whom, and that threads
which only compute take turns.
"""
import hashlib
import queue
import threading
import time

READERS = 2
WORKERS = 3
PAGES = 40
END = None


def read_page(number):
    time.sleep(0.001)
    return ("page %d\n" % number) * 2000


def digest(text):
    return hashlib.sha256(text.encode()).hexdigest()


def count_words(text):
    counts = {}
    for word in text.split():
        counts[word] = counts.get(word, 0) + 1
    return counts


def reader(pages, out):
    for number in pages:
        out.put(read_page(number))


def worker(pages, out):
    while True:
        text = pages.get()
        if text is END:
            return
        out.put((digest(text), len(count_words(text))))


def writer(results, lines):
    while True:
        result = results.get()
        if result is END:
            return
        lines.append("%s %d" % result)


def start(name, function, *arguments):
    thread = threading.Thread(target=function, args=arguments, name=name)
    thread.start()
    return thread


def main():
    pages = queue.Queue(maxsize=8)
    results = queue.Queue()
    lines = []
    readers = [start("reader-%d" % i, reader, range(i, PAGES, READERS), pages)
               for i in range(READERS)]
    workers = [start("worker-%d" % i, worker, pages, results)
               for i in range(WORKERS)]
    last = start("writer", writer, results, lines)
    for thread in readers:
        thread.join()
    for _ in workers:
        pages.put(END)
    for thread in workers:
        thread.join()
    results.put(END)
    last.join()
    print("%d pages, digest of all: %s"
          % (len(lines), digest("\n".join(sorted(lines)))[:16]))


if __name__ == "__main__":
    main()
