# SPDX-License-Identifier: Apache-2.0
"""A terminal in memory, as strict as it can be: what it does not know, and
what no program should send, is an error.

It stands for xterm: ECMA-48 with the alternate screen, colours of 256 and the
modes of mouse, paste and focus. test_screens.py compares it with the viewer's
own idea of the screen, test_tmux.py compares tmux with both.
"""
import base64
import codecs
import re
import unicodedata

BOLD, DIM, UNDERLINE, REVERSE = 1, 2, 4, 8
DEFAULT = -1
PLAIN = (DEFAULT, DEFAULT, 0)
FULL_BLOCK = "\u2588"
UPPER_HALF, LOWER_HALF = "\u2580", "\u2584"

MARK = "777;idle;"

# Private modes that a program may set, and what they are.
PRIVATE_MODES = {
    1: "cursor keys send SS3", 7: "wrap at the right edge",
    12: "cursor blinks", 25: "cursor is visible", 1000: "mouse buttons",
    1002: "mouse drags", 1004: "focus", 1006: "mouse as numbers",
    1049: "alternate screen", 2004: "paste in brackets", 2026: "one frame",
}
# How a terminal begins.
INITIAL_MODES = frozenset((7, 25))

TOKEN = re.compile(
    r"(?P<text>[^\x00-\x1f\x7f-\x9f]+)"
    r"|\x1b\[(?P<mark>[<-?]?)(?P<numbers>[0-9;:]*)(?P<between>[ -/]*)"
    r"(?P<final>[@-~])"
    r"|\x1b\](?P<osc>[^\x00-\x1f]*)(?:\x07|\x1b\\)"
    r"|\x1b(?P<charset>[()])(?P<set>[B0])"
    r"|\x1b(?P<escape>[0-9=>A-OQ-Z\\^-~])"
    r"|(?P<control>[\x00-\x1a\x1c-\x1f\x7f])")
# A sequence that has begun and may go on in the next bytes.
BEGUN = re.compile(r"\x1b(?:\[[<-?]?[0-9;:]*[ -/]*|\][^\x00-\x1f]*\x1b?"
                   r"|[()])?$")


class BadOutput(AssertionError):
    """A program wrote what a terminal should never get."""


def width_of(character):
    """Columns of a character, by Unicode's tables."""
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def appearance(text, style):
    """A cell as the eye sees it: of a blank, of a full block, and of a
    character in the colour of its background, only a background, unless it is
    underlined or reversed. Of two halves in colours the upper one is text."""
    foreground, background, attributes = style
    if (text == LOWER_HALF and not attributes
            and DEFAULT not in (foreground, background)):
        text, foreground, background = UPPER_HALF, background, foreground
    if (foreground == background != DEFAULT and width_of(text[:1] or " ") == 1
            and not attributes & (UNDERLINE | REVERSE)):
        text = " " if text else ""
    if text == FULL_BLOCK and foreground != DEFAULT and not attributes:
        text, background = " ", foreground
    if text in ("", " "):
        attributes &= UNDERLINE | REVERSE
        if not attributes:
            foreground = DEFAULT
        text = " " if text == " " else text
    return (text, foreground, background, attributes)


def graphics_numbers(text):
    """The numbers of an SGR sequence; "38:2::1:2:3", as of xterm-direct, is
    38, 2 and one number for the colour."""
    numbers = []
    for word in text.split(";"):
        parts = word.split(":")
        if len(parts) == 6 and parts[0] in ("38", "48") and parts[1] == "2":
            red, green, blue = map(int, parts[3:])
            numbers += [int(parts[0]), 2, red << 16 | green << 8 | blue]
        else:
            numbers.append(int(word or 0))
    return numbers


def select_graphics(style, numbers):
    """The style after a sequence of SGR numbers."""
    foreground, background, attributes = style
    numbers = list(numbers)
    while numbers:
        number = numbers.pop(0)
        if number == 0:
            foreground, background, attributes = PLAIN
        elif number in (1, 2, 4, 7):
            attributes |= {1: BOLD, 2: DIM, 4: UNDERLINE, 7: REVERSE}[number]
        elif number in (22, 24, 27):
            attributes &= ~{22: BOLD | DIM, 24: UNDERLINE, 27: REVERSE}[number]
        elif 30 <= number <= 37 or 90 <= number <= 97:
            foreground = number - 30 if number < 40 else number - 82
        elif 40 <= number <= 47 or 100 <= number <= 107:
            background = number - 40 if number < 50 else number - 92
        elif number == 10:
            pass  # the usual font
        elif number == 39:
            foreground = DEFAULT
        elif number == 49:
            background = DEFAULT
        elif number in (38, 48) and numbers[:1] in ([5], [2]) \
                and len(numbers) > 1:
            if not 0 <= numbers[1] <= (255, 0xFFFFFF)[numbers[0] == 2]:
                raise BadOutput("colour %d" % numbers[1])
            if number == 38:
                foreground = numbers[1]
            else:
                background = numbers[1]
            del numbers[:2]
        else:
            raise BadOutput("SGR %d %s" % (number, numbers))
    return (foreground, background, attributes)


class Emulator:
    """feed() bytes, then look at rows(), cells(), modes and cursor."""

    def __init__(self, columns, lines):
        self.columns, self.lines = columns, lines
        self.modes = set(INITIAL_MODES)
        self.is_keypad_application = False
        self.style = PLAIN
        self.x = self.y = 0
        self.wraps = False
        self.saved = (0, 0, PLAIN)
        self.top, self.bottom = 0, lines - 1
        self.grid = self.blank_grid()
        self.main_screen = None
        self.marks = []
        self.clipboard = None
        self.bell_count = 0
        self.is_strict = True  # False while the size changes under way
        self.on_mark = lambda number: None
        self.decoder = codecs.getincrementaldecoder("utf-8")("strict")
        self.rest = ""

    # What can be asked.

    def rows(self):
        return ["".join(text for text, _ in row).rstrip(" ")
                for row in self.grid]

    def cells(self):
        return [[appearance(*cell) for cell in row] for row in self.grid]

    # Input.

    def feed(self, data):
        try:
            text = self.rest + self.decoder.decode(data)
        except UnicodeDecodeError as error:
            raise BadOutput("bytes that are no UTF-8: %r" % error.object)
        position = 0
        while position < len(text):
            match = TOKEN.match(text, position)
            if match is None:
                self.rest = text[position:]
                if not BEGUN.match(self.rest):
                    raise BadOutput("unknown sequence %r" % self.rest[:40])
                return
            self.obey(match)
            position = match.end()
        self.rest = ""

    def obey(self, match):
        if match["text"] is not None:
            for character in match["text"]:
                self.put(character)
        elif match["final"] is not None:
            self.control_sequence(match)
        elif match["osc"] is not None:
            self.operating_system_command(match["osc"])
        elif match["charset"] is not None:
            if match["charset"] == "(" and match["set"] != "B":
                raise BadOutput("another character set: %r" % match[0])
        elif match["escape"] is not None:
            self.escape(match["escape"])
        else:
            self.control(match["control"])

    def operating_system_command(self, text):
        if text.startswith("52;c;"):
            self.clipboard = base64.b64decode(text[5:], validate=True)
            return
        if text == "11;?":
            return  # a terminal that does not tell its background
        if not text.startswith(MARK):
            raise BadOutput("OSC %r" % text)
        self.marks.append(int(text[len(MARK):]))
        self.on_mark(self.marks[-1])

    def control(self, character):
        if character == "\r":
            self.move(0, self.y)
        elif character == "\n":
            self.index()
        elif character == "\b":
            self.move(max(0, self.x - 1), self.y)
        elif character == "\t":
            self.move(min((self.x // 8 + 1) * 8, self.columns - 1), self.y)
        elif character == "\a":
            self.bell_count += 1
        elif character != "\x0f":
            raise BadOutput("control %r" % character)

    def escape(self, character):
        if character in "=>":
            self.is_keypad_application = character == "="
        elif character == "7":
            self.saved = (self.x, self.y, self.style)
        elif character == "8":
            x, y, self.style = self.saved
            self.move(min(x, self.columns - 1), min(y, self.lines - 1))
        elif character == "M":
            self.wraps = False
            if self.y == self.top:
                self.scroll(self.top, -1)
            else:
                self.y = max(0, self.y - 1)
        else:
            raise BadOutput("ESC %r" % character)

    def control_sequence(self, match):
        if match["final"] == "m" and not match["mark"] + match["between"]:
            self.style = select_graphics(self.style,
                                         graphics_numbers(match["numbers"]))
            return
        if ":" in match["numbers"]:
            raise BadOutput("sequence %r" % match[0])
        numbers = [int(word or 0) for word in match["numbers"].split(";")]
        if match["mark"] == "?" and match["final"] in "hl":
            for number in numbers:
                self.set_private_mode(number, match["final"] == "h")
            return
        if match["mark"] == "" and match["final"] == "c":
            return  # nor what it is
        if match["mark"] == "?" and match["final"] == "c":
            return  # the shape of the cursor on the Linux console
        obey = {
            "@": self.insert_characters, "A": self.up, "B": self.down,
            "C": self.right, "D": self.left, "G": self.to_column,
            "H": self.to_position, "J": self.erase_screen,
            "K": self.erase_line, "L": self.insert_lines,
            "M": self.delete_lines, "P": self.delete_characters,
            "S": self.scroll_up, "T": self.scroll_down,
            "X": self.erase_characters, "Z": self.back_tab,
            "b": self.repeat, "d": self.to_line, "h": self.mode,
            "l": self.mode, "r": self.margins, "t": self.window,
        }.get(match["final"])
        if obey is None or match["mark"] or match["between"]:
            raise BadOutput("sequence %r" % match[0])
        obey(numbers)

    def set_private_mode(self, number, is_set):
        if number not in PRIVATE_MODES:
            # What only ever is switched off may be left over by others.
            if is_set or number not in (9, 1001, 1003, 1005, 1015):
                raise BadOutput("private mode %d" % number)
            return
        if number == 1049 and is_set != (1049 in self.modes):
            self.switch_screen(is_set)
        (self.modes.add if is_set else self.modes.discard)(number)

    def switch_screen(self, is_alternate):
        if is_alternate:
            self.saved = (self.x, self.y, self.style)
            self.main_screen = self.grid
            self.grid = self.blank_grid()
        else:
            self.grid = self.fitted(self.main_screen)
            self.main_screen = None
            x, y, self.style = self.saved
            self.move(min(x, self.columns - 1), min(y, self.lines - 1))

    # The grid.

    def blank(self):
        """What is erased takes the present background."""
        return (" ", (DEFAULT, self.style[1], 0))

    def blank_grid(self):
        return [[(" ", PLAIN)] * self.columns for _ in range(self.lines)]

    def fitted(self, grid):
        grid = [(row + [(" ", PLAIN)] * self.columns)[:self.columns]
                for row in grid[:self.lines]]
        return grid + self.blank_grid()[len(grid):]

    def resize(self, columns, lines):
        """Terminals differ in what they keep: on the alternate screen this
        one keeps nothing that a program could build on."""
        self.columns, self.lines = columns, lines
        self.top, self.bottom = 0, lines - 1
        self.grid = self.fitted(self.grid)
        if 1049 in self.modes:
            self.grid = [[("~", PLAIN)] * columns for _ in range(lines)]
        if self.main_screen is not None:
            self.main_screen = self.fitted(self.main_screen)
        self.move(min(self.x, columns - 1), min(self.y, lines - 1))

    def move(self, x, y):
        self.x, self.y = x, y
        self.wraps = False

    def set_cell(self, x, text, style):
        """Change a cell; the other half of a wide character goes."""
        row = self.grid[self.y]
        if row[x][0] == "" and x > 0:
            row[x - 1] = (" ", row[x - 1][1])
        if x + 1 < self.columns and row[x + 1][0] == "":
            row[x + 1] = (" ", row[x + 1][1])
        row[x] = (text, style)

    def put(self, character):
        width = width_of(character)
        if width == 0:
            x = self.x if self.wraps else self.x - 1
            row = self.grid[self.y]
            while x > 0 and row[x][0] == "":
                x -= 1
            if x < 0 or row[x][0] == "":
                raise BadOutput("nothing to combine %r with" % character)
            row[x] = (row[x][0] + character, row[x][1])
            return
        if 7 in self.modes and (self.wraps
                                or self.x + width > self.columns):
            self.move(0, self.y)
            self.index()
        self.set_cell(self.x, character, self.style)
        if width == 2:
            self.set_cell(self.x + 1, " ", self.style)
            self.grid[self.y][self.x] = (character, self.style)
            self.grid[self.y][self.x + 1] = ("", self.style)
        self.last = character
        self.wraps = self.x + width >= self.columns
        self.x = min(self.x + width, self.columns - 1)

    def index(self):
        self.wraps = False
        if self.y == self.bottom:
            self.scroll(self.top, 1)
        else:
            self.y = min(self.y + 1, self.lines - 1)

    def scroll(self, top, count):
        """Rows from top to the margin go up, or down when count < 0."""
        height = self.bottom - top + 1
        moved = min(abs(count), height)
        region = self.grid[top:self.bottom + 1]
        fresh = [[self.blank()] * self.columns for _ in range(moved)]
        self.grid[top:self.bottom + 1] = (
            region[moved:] + fresh if count > 0
            else fresh + region[:height - moved])

    # Control sequences. The numbers are what stood between.

    def up(self, numbers):
        self.move(self.x, max(self.y - max(numbers[0], 1), 0))

    def down(self, numbers):
        self.move(self.x, min(self.y + max(numbers[0], 1), self.lines - 1))

    def right(self, numbers):
        self.move(min(self.x + max(numbers[0], 1), self.columns - 1), self.y)

    def left(self, numbers):
        self.move(max(self.x - max(numbers[0], 1), 0), self.y)

    def to_column(self, numbers):
        self.to_position([self.y + 1, numbers[0]])

    def to_line(self, numbers):
        self.to_position([numbers[0], self.x + 1])

    def to_position(self, numbers):
        y, x = (max(number, 1) - 1 for number in (numbers + [1])[:2])
        if self.is_strict and (x >= self.columns or y >= self.lines):
            raise BadOutput("cursor to %d,%d of %dx%d"
                            % (x, y, self.columns, self.lines))
        self.move(min(x, self.columns - 1), min(y, self.lines - 1))

    def back_tab(self, numbers):
        for _ in range(max(numbers[0], 1)):
            self.move(max(0, (self.x - 1) // 8 * 8), self.y)

    def erase(self, start, end):
        for x in range(start, min(end, self.columns)):
            self.set_cell(x, *self.blank())

    def erase_characters(self, numbers):
        self.wraps = False
        self.erase(self.x, self.x + max(numbers[0], 1))

    def erase_line(self, numbers):
        self.wraps = False
        start, end = ((self.x, self.columns), (0, self.x + 1),
                      (0, self.columns))[numbers[0]]
        self.erase(start, end)

    def erase_screen(self, numbers):
        if numbers[0] not in (0, 1, 2):
            raise BadOutput("the terminal's history is not ours")
        rows = (range(self.y + 1, self.lines), range(self.y),
                range(self.lines))[numbers[0]]
        for y in rows:
            self.grid[y] = [self.blank()] * self.columns
        if numbers[0] < 2:
            self.erase_line(numbers)

    def insert_characters(self, numbers):
        row = self.grid[self.y]
        count = min(max(numbers[0], 1), self.columns - self.x)
        row[self.x:] = ([self.blank()] * count + row[self.x:])[
            :self.columns - self.x]

    def delete_characters(self, numbers):
        row = self.grid[self.y]
        count = min(max(numbers[0], 1), self.columns - self.x)
        row[self.x:] = row[self.x + count:] + [self.blank()] * count

    def insert_lines(self, numbers):
        self.move_lines(-max(numbers[0], 1))

    def delete_lines(self, numbers):
        self.move_lines(max(numbers[0], 1))

    def move_lines(self, count):
        if self.top <= self.y <= self.bottom:
            self.scroll(self.y, count)
            self.move(0, self.y)

    def scroll_up(self, numbers):
        self.scroll(self.top, max(numbers[0], 1))

    def scroll_down(self, numbers):
        self.scroll(self.top, -max(numbers[0], 1))

    def repeat(self, numbers):
        for _ in range(max(numbers[0], 1)):
            self.put(self.last)

    def margins(self, numbers):
        top, bottom = (numbers + [0])[:2]
        self.top, self.bottom = max(top, 1) - 1, (bottom or self.lines) - 1
        if not self.top <= self.bottom < self.lines:
            if self.is_strict:
                raise BadOutput("margins %s of %d" % (numbers, self.lines))
            self.top, self.bottom = 0, self.lines - 1
        self.move(0, 0)

    def mode(self, numbers):
        # Replace rather than insert; a plain cursor rather than a bright one.
        if numbers not in ([4], [34]):
            raise BadOutput("mode %s" % numbers)

    def window(self, numbers):
        if numbers[0] not in (22, 23):  # the title is kept, and put back
            raise BadOutput("window command %s" % numbers)
