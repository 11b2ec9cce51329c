# A thin front for CMake: what is built, and how, is in CMakePresets.json.
#
#   make             build into build/release; installs nothing
#   make demo        install what is missing, build, record examples/app.py
#                    and show its timeline
#   make test        install what is missing, build with and without
#                    sanitizers, run the tests (under 10 minutes)
#   make test-long   the tests that take longer, too
#   make mutants     break the program in one place at a time and see whether
#                    the tests find it
#   make bench       measure against the budgets
#   make hotpath     count the recorder's instructions an event, by line
#   make bless       rewrite the golden files of the tests from what is now
#   make gallery     render the screens of the viewer into build/gallery
#   make screens     capture the screens of the README anew
#   make install     into PREFIX (default /usr/local)
#   make clean       remove build/

PREFIX ?= /usr/local
JOBS ?= $(shell nproc)

BUILD = cmake --build --parallel $(JOBS) --preset
CTEST = ctest --output-on-failure --parallel $(JOBS)

.PHONY: all demo test test-long mutants bench hotpath bless gallery screens \
	install clean

all:
	cmake --preset release
	$(BUILD) release

demo:
	tools/packages.sh build
	$(MAKE) --no-print-directory all
	tools/demo.sh build/release

test:
	tools/packages.sh build test
	tools/test.sh $(JOBS)

test-long:
	tools/packages.sh build test
	tools/test.sh $(JOBS) long

mutants:
	tools/packages.sh build test
	tools/mutants.py

bench:
	tools/packages.sh build test
	$(MAKE) --no-print-directory all
	python3 bench/run.py build/release

hotpath:
	tools/packages.sh build test
	cmake --preset hotpath
	$(BUILD) hotpath
	tools/hotpath.py build/hotpath

bless:
	cmake --preset dev
	$(BUILD) dev
	VIZTRACER_BLESS=1 $(CTEST) --test-dir build/dev -L golden

gallery:
	tools/packages.sh build gallery
	$(MAKE) --no-print-directory all
	/usr/bin/python3 tools/gallery.py build/release build/gallery

screens: all
	python3 tools/screens.py build/release

install: all
	cmake --install build/release --prefix "$(PREFIX)"

clean:
	rm -rf build
