# SPDX-License-Identifier: Apache-2.0
"""Keys by the names that the viewer gives them, and what xterm sends."""

LETTERS = {"Up": "A", "Down": "B", "Right": "C", "Left": "D", "Home": "H",
           "End": "F"}
TILDES = {"Ins": 2, "Del": 3, "PgUp": 5, "PgDn": 6, "F5": 15, "F6": 17,
          "F7": 18, "F8": 19, "F9": 20, "F10": 21, "F11": 23, "F12": 24}
SS3 = {"F1": "P", "F2": "Q", "F3": "R", "F4": "S"}
PLAIN = {"Space": b" ", "Enter": b"\r", "Esc": b"\x1b", "Tab": b"\t",
         "BS": b"\x7f"}
MODIFIERS = {"S": 1, "M": 2, "C": 4}


def split_modifiers(name):
    """("PgUp", 1 + the sum of modifiers) for "S-PgUp"."""
    sum_of = 1
    while len(name) > 2 and name[1] == "-" and name[0] in MODIFIERS:
        sum_of += MODIFIERS[name[0]]
        name = name[2:]
    return name, sum_of


def encode(name):
    """The bytes that xterm sends for a key."""
    key, modifiers = split_modifiers(name)
    if key in LETTERS:
        return (b"\x1b[%s" % LETTERS[key].encode() if modifiers == 1 else
                b"\x1b[1;%d%s" % (modifiers, LETTERS[key].encode()))
    if key in TILDES:
        return (b"\x1b[%d~" % TILDES[key] if modifiers == 1 else
                b"\x1b[%d;%d~" % (TILDES[key], modifiers))
    if key in SS3:
        return (b"\x1bO%s" % SS3[key].encode() if modifiers == 1 else
                b"\x1b[1;%d%s" % (modifiers, SS3[key].encode()))
    if key == "Tab" and modifiers == 2:
        return b"\x1b[Z"
    plain = PLAIN[key] if key in PLAIN else key.encode()
    if key not in PLAIN and len(key) != 1:
        raise ValueError("no key: " + name)
    if modifiers & 1 == 0:  # 1 + shift: of a character it is the character
        raise ValueError("no key: " + name)
    if (modifiers - 1) & 4:
        if len(plain) != 1 or not 0x40 <= plain[0] < 0x80:
            raise ValueError("no byte for " + name)
        plain = bytes([plain[0] & 0x1f])
    return (b"\x1b" if (modifiers - 1) & 2 else b"") + plain


def sequence(words):
    """The keys of one entry of the action table: "za" is z and then a, "F6"
    and "C-Up" are single keys, "mAny" is m and any character."""
    if words.endswith("Any"):
        return [words[:-3], "Any"]
    key, _ = split_modifiers(words)
    if len(key) == 1 or key in LETTERS or key in TILDES or key in SS3 \
            or key in PLAIN:
        return [words]
    return list(words)


def mouse(button, x, y, is_press=True):
    """A report of the mouse as numbers; x and y count from 0."""
    return b"\x1b[<%d;%d;%d%s" % (button, x + 1, y + 1,
                                  b"M" if is_press else b"m")


# What a report says of each word of a script: (button, whether it is pressed)
# one after the other.
MOUSE = {
    "click": ((0, True), (0, False)), "middle": ((1, True), (1, False)),
    "right": ((2, True), (2, False)), "press": ((0, True),),
    "drag": ((32, True),), "release": ((0, False),),
    "wheel-up": ((64, True),), "wheel-down": ((65, True),),
    "wheel-left": ((66, True),), "wheel-right": ((67, True),),
}
MOUSE_MODIFIERS = {"S": 4, "M": 8, "C": 16}


def mouse_reports(word):
    """The reports for a word such as "S-wheel-up@12,5"; None for a key."""
    name, _, place = word.partition("@")
    bits = 0
    while name[1:2] == "-":
        bits += MOUSE_MODIFIERS[name[0]]
        name = name[2:]
    if name not in MOUSE or not place:
        return None
    x, y = map(int, place.split(","))
    return [mouse(button + bits, x, y, is_press)
            for button, is_press in MOUSE[name]]
