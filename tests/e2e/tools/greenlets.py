# SPDX-License-Identifier: Apache-2.0
"""Greenlets that take turns: each has calls open while others run."""
import random
import sys

import greenlet

if "gevent" in sys.argv:
    from gevent import monkey
    monkey.patch_all()
    import gevent


def leaf(n):
    return n


def yield_turn():
    if "gevent" in sys.argv:
        gevent.sleep(0)
    else:
        greenlet.getcurrent().parent.switch()


def deeper(depth):
    leaf(depth)
    yield_turn()
    if depth:
        deeper(depth - 1)
    leaf(depth)


def work(number):
    for i in range(number % 5):
        deeper(i)
    if number % 3 == 0:
        raise LookupError(number)
    return number


def attempt(number):
    try:
        return work(number)
    except LookupError:
        return -1


def with_greenlets(count):
    waiting = [greenlet.greenlet(attempt) for _ in range(count)]
    order = random.Random(7)
    for number, task in enumerate(waiting):
        task.switch(number)
    while waiting:
        task = order.choice(waiting)
        if not task.dead:
            task.switch()
        if task.dead:
            waiting.remove(task)
    left = greenlet.greenlet(attempt)
    left.switch(4)  # is never resumed: it ends when it is collected
    del left


def with_gevent(count):
    gevent.joinall([gevent.spawn(attempt, i) for i in range(count)])


if "gevent" in sys.argv:
    with_gevent(300)
else:
    with_greenlets(300)
print("done")
