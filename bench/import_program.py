# SPDX-License-Identifier: Apache-2.0
"""A program of about so many calls, for VizTracer to record: methods, builtins
and recursion, in one thread."""
import sys


class Shape:
    def __init__(self, size):
        self.size = size

    def area(self):
        return abs(self.size) * len(str(self.size))


def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)


def work(calls):
    total = 0
    for i in range(calls // 5):
        total += Shape(i).area()
        if i % 50 == 0:
            total += fib(7)
    return total


work(int(sys.argv[1]))
