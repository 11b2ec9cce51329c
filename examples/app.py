# SPDX-License-Identifier: Apache-2.0
"""A small shop that is busy for a third of a second.

It has what a timeline should show: nested calls, threads with names, a child
process, a generator, an exception. When DEMO_TOKEN is set, the morning's work
is done by a function of that name, so that a recording can be told from any
other.
"""
import json
import os
import re
import subprocess
import sys
import threading
import time

SECONDS = 0.3


class Cart:
    def __init__(self, customer):
        self.customer = customer
        self.items = []

    def add(self, name, price):
        self.items.append((name, price))

    def total(self):
        return sum(price for _name, price in self.items)


def prices():
    price = 1
    while True:
        price = price * 7 % 101
        yield price


def receipt(cart):
    return json.dumps({"for": cart.customer, "total": cart.total()})


def serve(customer, price):
    cart = Cart(customer)
    for name in ("tea", "bread", "jam"):
        cart.add(name, next(price))
    return receipt(cart)


def refuse(customer):
    raise ValueError("no credit for %s" % customer)


def serve_until(deadline):
    price = prices()
    count = 0
    while time.perf_counter() < deadline:
        serve("customer %d" % count, price)
        if count % 100 == 0:
            try:
                refuse("customer %d" % count)
            except ValueError:
                pass
        count += 1
    return count


def restock(deadline):
    while time.perf_counter() < deadline:
        sorted(range(20000), key=lambda item: -item)
        time.sleep(0.02)


def count_inventory():
    code = "print(sum(len(str(n)) for n in range(30000)))"
    subprocess.run([sys.executable, "-c", code], stdout=subprocess.DEVNULL)


def open_shop():
    deadline = time.perf_counter() + SECONDS
    helpers = [threading.Thread(target=restock, args=(deadline,), name=name)
               for name in ("Restock tea", "Restock bread")]
    for helper in helpers:
        helper.start()
    inventory = threading.Thread(target=count_inventory, name="Inventory")
    inventory.start()
    served = serve_until(deadline)
    for thread in [*helpers, inventory]:
        thread.join()
    return served


def named_after(token, work):
    """A function called day_<token> that does the work."""
    name = "day_" + re.sub(r"\W", "_", token, flags=re.ASCII)
    names = {"work": work}
    exec(compile("def %s():\n    return work()\n" % name, __file__, "exec"),
         names)
    return names[name]


day = named_after(os.environ.get("DEMO_TOKEN", "shift"), open_shop)

if __name__ == "__main__":
    print("served %d customers" % day())
