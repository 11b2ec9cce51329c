# SPDX-License-Identifier: Apache-2.0
"""What the releases of VizTracer recorded for this folder; see make.py.

usage: program.py OUTPUT (plain | python | sources)

plain leaves out the text of source files, python takes the back end of
releases up to 0.10 that is written in Python, sources starts no thread.
"""
import sys
import threading

from viztracer import VizTracer


def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)


class Cart:
    def __init__(self, prices):
        self.prices = prices

    def total(self):
        return sum(self.prices)

    def überprüfe(self):
        return sorted(self.prices)


def numbers(n):
    for i in range(n):
        yield i


def fail():
    try:
        int("no number")
    except ValueError:
        return False
    return True


def work():
    fib(4)
    cart = Cart([3, 1, 2])
    cart.total()
    cart.überprüfe()
    list(numbers(3))
    fail()


def log(tracer):
    """Whatever of these a release has; their arguments have changed."""
    tracer.add_instant("mark \"é\"", {"step": 1}, "p")
    tracer.add_counter("load", {"a": 1, "b": 2.5})
    tracer.add_counter("load", {"a": 3, "b": -1})
    tracer.add_object("N", "77", "cart")
    tracer.add_object("O", "77", "cart", {"snapshot": {"total": "6"}})
    tracer.add_object("D", "77", "cart")


def make_tracer(kind):
    if kind == "python":
        return VizTracer(tracer="python", verbose=0)
    if kind == "plain":
        try:
            return VizTracer(verbose=0, file_info=False)
        except TypeError:
            pass  # a release without it
    return VizTracer(verbose=0)


def main(output, kind):
    tracer = make_tracer(kind)
    tracer.start()
    work()
    if kind != "sources":
        thread = threading.Thread(target=fib, args=(3,), name="worker é")
        thread.start()
        thread.join()
    log(tracer)
    tracer.stop()
    tracer.save(output)


main(*sys.argv[1:])
