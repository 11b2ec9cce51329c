# SPDX-License-Identifier: Apache-2.0
"""What must hold when the viewer has left a terminal."""
import emulator

# More than a few keys can take; a loop without end takes any amount.
CPU_LIMIT_S = 1.5


def check_terminal(test, session):
    """The terminal is as it was before."""
    stray = session.emulator.modes - emulator.INITIAL_MODES - {12}
    test.assertFalse(stray, "modes %s stay set" % sorted(stray))
    test.assertIn(25, session.emulator.modes, "the cursor stays hidden")
    test.assertEqual(session.emulator.style, emulator.PLAIN,
                     "the style stays set")
    test.assertFalse(session.emulator.is_keypad_application)
    test.assertEqual((session.emulator.top, session.emulator.bottom),
                     (0, session.emulator.lines - 1),
                     "only a part of the screen scrolls")
    test.assertEqual(session.modes(), session.modes_before,
                     "modes of the terminal's line")


def check_clean_end(test, session, status):
    """It ended with that status, left the terminal as it was, no process,
    and did not burn time."""
    test.assertEqual(session.wait_end(), status,
                     "last output %r" % session.log[-300:])
    check_terminal(test, session)
    session.wait_nothing_left()
    test.assertLess(session.cpu_s(), CPU_LIMIT_S, "seconds of processor")
