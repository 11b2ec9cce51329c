# SPDX-License-Identifier: Apache-2.0
"""Eight threads that do the same work; half of them are made by _thread.

All wait for a gate until the last one is there: how many threads live while
another starts decides how often threading looks at each.
"""
import _thread
import threading

ROUNDS = 8000


def numbers(n):
    for i in range(n):
        yield i


def nested(n):
    yield from numbers(n)


def fails(value):
    raise ValueError(value)


class Worker:
    gate = _thread.allocate_lock()

    def __init__(self, name):
        self.name = name
        self.total = 0
        self.done = _thread.allocate_lock()
        self.done.acquire()

    def step(self, value):
        try:
            fails(value)
        except ValueError as error:
            self.total += len(error.args) + abs(value)

    def run(self):
        with self.gate:
            pass
        for i in range(ROUNDS):
            self.step(i)
            self.total += sum(nested(3))
            self.total += max([1, 2, i], key=lambda x: -x)
        self.done.release()


def main():
    workers = [Worker("worker %d" % i) for i in range(8)]
    threads = []
    with Worker.gate:
        for i, worker in enumerate(workers):
            if i % 2:
                _thread.start_new_thread(worker.run, ())
            else:
                thread = threading.Thread(target=worker.run, name=worker.name)
                thread.start()
                threads.append(thread)
    for worker in workers:
        worker.done.acquire()
    for thread in threads:
        thread.join()
    print([worker.total for worker in workers])


main()
