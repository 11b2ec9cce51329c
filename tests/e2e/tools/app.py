# SPDX-License-Identifier: Apache-2.0
"""A program whose functions are called so many times, whoever looks on."""
import threading


def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)


def count_down(n):
    while n:
        yield n
        n -= 1


def fail(depth):
    if depth == 0:
        raise KeyError(depth)
    fail(depth - 1)


def in_thread():
    for number in count_down(20):
        fib(number % 7)


def main():
    fib(12)
    thread = threading.Thread(target=in_thread)
    thread.start()
    thread.join()
    for depth in range(30):
        try:
            fail(depth)
        except KeyError:
            pass
    print("done", sum(count_down(10)))


if __name__ == "__main__":
    main()
