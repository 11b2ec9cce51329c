# SPDX-License-Identifier: Apache-2.0
"""Modular arithmetic: primes, inverses, and a small RSA.

    viztracer --tui examples/modular_arithmetic.py

Deep, thin recursion (extended_gcd), millions of tiny steps (power), and a
search whose length is chance (find_prime): `)` and `(` hop through the calls
of is_prime from the slowest on.
"""
import random

BITS = 96
WITNESSES = 12


def power(base, exponent, modulus):
    result = 1
    base %= modulus
    while exponent > 0:
        if exponent & 1:
            result = multiply(result, base, modulus)
        base = multiply(base, base, modulus)
        exponent >>= 1
    return result


def multiply(a, b, modulus):
    return a * b % modulus


def extended_gcd(a, b):
    """g, x, y with a * x + b * y == g."""
    if b == 0:
        return a, 1, 0
    g, x, y = extended_gcd(b, a % b)
    return g, y, x - a // b * y


def inverse(number, modulus):
    g, x, _y = extended_gcd(number, modulus)
    if g != 1:
        raise ValueError("%d has no inverse modulo %d" % (number, modulus))
    return x % modulus


def is_witness(candidate, base):
    """Whether base shows by the test of Miller and Rabin that candidate is
    composite."""
    odd = candidate - 1
    twos = 0
    while odd % 2 == 0:
        odd //= 2
        twos += 1
    x = power(base, odd, candidate)
    if x in (1, candidate - 1):
        return False
    for _ in range(twos - 1):
        x = multiply(x, x, candidate)
        if x == candidate - 1:
            return False
    return True


def is_prime(candidate, source):
    if candidate % 2 == 0:
        return candidate == 2
    return not any(is_witness(candidate, source.randrange(2, candidate - 1))
                   for _ in range(WITNESSES))


def find_prime(source):
    while True:
        candidate = source.getrandbits(BITS) | 1 << BITS - 1 | 1
        if is_prime(candidate, source):
            return candidate


def make_keys(source):
    exponent = 65537
    while True:
        p, q = find_prime(source), find_prime(source)
        try:
            return p * q, exponent, inverse(exponent, (p - 1) * (q - 1))
        except ValueError:
            continue


def main():
    source = random.Random(7)
    modulus, public, private = make_keys(source)
    messages = [source.randrange(modulus) for _ in range(10)]
    sent = [power(message, public, modulus) for message in messages]
    assert [power(code, private, modulus) for code in sent] == messages
    print("%d messages went there and back modulo %d"
          % (len(messages), modulus))


if __name__ == "__main__":
    main()
