# SPDX-License-Identifier: Apache-2.0
"""A service in small: asyncio in front, threads and a process pool behind it.

    viztracer --tui examples/service.py

Requests come in bursts. Each looks its customer up in a thread, has a report
rendered in another process, and waits for both. The program itself marks what
only it can know: how many requests are open (a counter) and which were slow
(instants). It also runs where viztracer is not there: then it marks nothing.
"""
import asyncio
import json
import sqlite3
import sys
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor

try:
    from viztracer import get_tracer
except ImportError:
    def get_tracer():
        return None

CUSTOMERS = 400
BURSTS = 4
REQUESTS = 6  # of a burst
SLOW_SECONDS = 0.01


class Service:
    def __init__(self, threads, processes):
        self.threads = threads
        self.processes = processes
        self.tracer = get_tracer()
        self.open_requests = 0
        self.answered = 0

    def count_open(self, change):
        self.open_requests += change
        if self.tracer is not None:
            self.tracer.add_counter("requests", {
                "open": self.open_requests, "answered": self.answered})

    def say_slow(self, number, seconds):
        if self.tracer is not None and seconds > SLOW_SECONDS:
            self.tracer.add_instant("slow request", {
                "number": number, "milliseconds": round(seconds * 1000)})

    async def handle(self, number):
        start = time.perf_counter()
        self.count_open(1)
        loop = asyncio.get_event_loop()
        customer = await loop.run_in_executor(self.threads, look_up, number)
        report = await loop.run_in_executor(self.processes, render, customer)
        self.answered += 1
        self.count_open(-1)
        self.say_slow(number, time.perf_counter() - start)
        return len(report)

    async def serve(self):
        sizes = []
        for burst in range(BURSTS):
            numbers = range(burst * REQUESTS, (burst + 1) * REQUESTS)
            sizes += await asyncio.gather(*map(self.handle, numbers))
            await asyncio.sleep(0.02)
        return sizes


def make_database():
    database = sqlite3.connect(":memory:")
    database.execute("create table customers (number, name, orders)")
    database.executemany("insert into customers values (?, ?, ?)",
                         [(i, "customer %d" % i, i % 7)
                          for i in range(CUSTOMERS)])
    return database


def look_up(number):
    """In a thread: sqlite lets go of the interpreter while it searches."""
    database = make_database()
    name, orders = database.execute(
        "select name, orders from customers where number = ?",
        (number,)).fetchone()
    database.close()
    return {"number": number, "name": name, "orders": orders}


def render(customer):
    """In another process: computes, and is recorded there."""
    rows = [dict(customer, line=line, total=sum(range(line)))
            for line in range(300)]
    return json.dumps(rows, sort_keys=True)


def main():
    if not hasattr(asyncio, "run"):
        sys.exit("this example needs Python 3.7 or later")
    with ThreadPoolExecutor(3, thread_name_prefix="lookup") as threads, \
            ProcessPoolExecutor(2) as processes:
        sizes = asyncio.run(Service(threads, processes).serve())
    print("answered %d requests, %d bytes" % (len(sizes), sum(sizes)))


if __name__ == "__main__":
    main()
