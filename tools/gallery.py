#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Render the screens of the viewer to pictures, to be looked at.

usage: tools/gallery.py BUILD_FOLDER OUTPUT_FOLDER

Each screen is drawn at two sizes in four looks: dark, light, ASCII and mono.
OUTPUT_FOLDER/index.html shows all of them side by side. What is drawn is what
the viewer would send to a terminal, read by a terminal emulator (pyte) that
knows nothing of the viewer.
"""
import html
import os
import subprocess
import sys
import tempfile

import pyte
from PIL import Image, ImageDraw, ImageFont

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
FONT = "/usr/share/fonts/truetype/dejavu/DejaVuSansMono%s.ttf"
SIZES = ("80x24", "160x50")

# name: (recording, keys)
SCREENS = {
    "timeline": ("service", "z R"),
    "timeline-zoomed": ("service", "z R w w w w j j"),
    "timeline-sorting": ("sorting", "w w l j j"),
    "timeline-folded": ("service", "z M"),
    "timeline-half-height": ("service", "z R z H"),
    "area": ("service", "j l l l v l l J J Enter"),
    "details": ("service", "j j l l i"),
    "flame": ("service", "2 j j"),
    "flame-bottom-up": ("service", "2 b j"),
    "functions": ("service", "3 j j j"),
    "sandwich": ("service", "3 / h a n d l e Enter Enter"),
    "source": ("service", "3 / h a n d l e Enter 5"),
    "events": ("service", "6 j j"),
    "info": ("service", "7"),
    "search": ("service", "/ h a n d"),
    "filter": ("service", "& h a n d Enter"),
    "compare": ("service", "j j l l R m a l l R C"),
    "options": ("service", "F2"),
    "commands": ("service", ":"),
    "help": ("service", "?"),
}

# name: (arguments, environment, background, text)
LOOKS = {
    "dark": ((), {"COLORFGBG": "15;0"}, (0, 0, 0), (208, 208, 208)),
    "light": ((), {"COLORFGBG": "0;15"}, (255, 255, 255), (32, 32, 32)),
    "ascii": (("--ascii",), {"COLORFGBG": "15;0"}, (0, 0, 0), (208, 208, 208)),
    "mono": ((), {"NO_COLOR": "1"}, (0, 0, 0), (208, 208, 208)),
}

# As most terminals have them.
BASE_COLOURS = {
    "black": (0, 0, 0), "red": (205, 49, 49), "green": (13, 188, 121),
    "brown": (229, 229, 16), "blue": (36, 114, 200),
    "magenta": (188, 63, 188), "cyan": (17, 168, 205),
    "white": (229, 229, 229),
}


def run(*command, **options):
    done = subprocess.run(command, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, universal_newlines=True,
                          **options)
    if done.returncode != 0:
        raise SystemExit("gallery: %s: %s" % (" ".join(command), done.stderr))
    return done.stdout


def colour_of(name, default):
    if name == "default":
        return default
    if name in BASE_COLOURS:
        return BASE_COLOURS[name]
    if name.startswith("bright"):
        return BASE_COLOURS[name[len("bright"):]]
    return tuple(int(name[i:i + 2], 16) for i in (0, 2, 4))


class Painter:
    """Draws a terminal's screen with a font."""

    def __init__(self, points=14):
        self.fonts = {is_bold: ImageFont.truetype(
            FONT % ("-Bold" if is_bold else ""), points)
            for is_bold in (False, True)}
        left, _, right, _ = self.fonts[False].getbbox("M" * 100)
        self.width = round((right - left) / 100)
        ascent, descent = self.fonts[False].getmetrics()
        self.height = ascent + descent

    def paint(self, screen, background, text, path):
        image = Image.new("RGB", (screen.columns * self.width,
                                  screen.lines * self.height), background)
        draw = ImageDraw.Draw(image)
        for y in range(screen.lines):
            for x in range(screen.columns):
                self.cell(draw, screen.buffer[y][x], x, y, background, text)
        image.save(path)

    def cell(self, draw, cell, x, y, background, text):
        front = colour_of(cell.fg, text)
        back = colour_of(cell.bg, background)
        if cell.reverse:
            front, back = back, front
        left, top = x * self.width, y * self.height
        right, bottom = left + self.width - 1, top + self.height - 1
        if back != background:
            draw.rectangle((left, top, right, bottom), fill=back)
        if cell.data in "▁▂▃▄▅▆▇█" and cell.data:
            eighths = "▁▂▃▄▅▆▇█".index(cell.data) + 1
            draw.rectangle((left, bottom + 1 - self.height * eighths // 8,
                            right, bottom), fill=front)
        elif cell.data == "▀":
            draw.rectangle((left, top, right, top + self.height // 2 - 1),
                           fill=front)
        elif cell.data.strip():
            draw.text((left, top), cell.data, fill=front,
                      font=self.fonts[cell.bold])
        if cell.underscore:
            draw.line((left, bottom, right, bottom), fill=front)


class Gallery:
    def __init__(self, build, output, folder):
        self.viztracer = os.path.join(build, "bin", "viztracer")
        self.output = output
        self.folder = folder
        package = run(self.viztracer, "--python_path").strip()
        self.environment = dict(os.environ, PYTHONPATH=package,
                                LC_ALL="C.UTF-8", XDG_STATE_HOME=folder,
                                XDG_CONFIG_HOME=folder)
        self.painter = Painter()

    def record(self, example):
        """The path of the example's recording, made at its first use."""
        path = os.path.join(self.folder, example + ".vzt")
        if not os.path.exists(path):
            run(self.viztracer, "--quiet", "-o", path,
                os.path.join("examples", example + ".py"), cwd=ROOT,
                env=self.environment)
        return path

    def draw(self, name, size, look):
        example, keys = SCREENS[name]
        arguments, variables, background, text = LOOKS[look]
        screen = run(self.viztracer, "view", "--quiet", "--headless", size,
                     "--dump", "ansi", "--keys", keys, *arguments,
                     self.record(example),
                     env=dict(self.environment, **variables))
        terminal = pyte.Screen(*map(int, size.split("x")))
        pyte.Stream(terminal).feed(screen.rstrip("\n").replace("\n", "\r\n"))
        picture = "%s-%s-%s.png" % (name, size, look)
        self.painter.paint(terminal, background, text,
                           os.path.join(self.output, picture))
        return picture

    def draw_all(self):
        os.makedirs(self.output, exist_ok=True)
        page = ["<!DOCTYPE html><meta charset=utf-8><title>Screens</title>"]
        for name in SCREENS:
            page.append("<h2>%s</h2>" % html.escape(name))
            for size in SIZES:
                for look in LOOKS:
                    page.append("<img src='%s' alt='%s'>" % (
                        self.draw(name, size, look), look))
        with open(os.path.join(self.output, "index.html"), "w",
                  encoding="utf-8") as file:
            file.write("\n".join(page) + "\n")


def main():
    if len(sys.argv) != 3:
        raise SystemExit(__doc__)
    with tempfile.TemporaryDirectory() as folder:
        Gallery(os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2]),
                folder).draw_all()
    print("%d screens: %s" % (len(SCREENS) * len(SIZES) * len(LOOKS),
                              os.path.join(sys.argv[2], "index.html")))


if __name__ == "__main__":
    main()
