#include "layers/python/wheel_script.hpp"

#include "support/catch.hpp"

using namespace envlock::python;

TEST_CASE("the first line that an installer wrote becomes the wheel's again") {
    CHECK(with_wheel_shebang("#!/p/.venv/bin/python\nprint()\n") == "#!python\nprint()\n");
    CHECK(with_wheel_shebang("#!\"/p q/bin/python3\"\r\nprint()\r\n") == "#!python\r\nprint()\r\n");
    CHECK(with_wheel_shebang("#!/p/bin/python\nprint()\n", "#!pythonw") == "#!pythonw\nprint()\n");
    CHECK(with_wheel_shebang("#!/bin/sh\n'''exec' \"/p q/bin/python\" \"$0\" \"$@\"\n' '''\nprint()\n") == "#!python\nprint()\n");
}

TEST_CASE("what is no script of Python is left alone") {
    CHECK_FALSE(with_wheel_shebang("#!/bin/sh\necho\n"));
    CHECK_FALSE(with_wheel_shebang("#!/bin/sh\n'''exec' never ends"));
    CHECK_FALSE(with_wheel_shebang("print()\n"));
    CHECK_FALSE(with_wheel_shebang("#!/p/bin/python"));
    CHECK_FALSE(with_wheel_shebang(""));
}

TEST_CASE("the interpreter of a script is read from both forms") {
    CHECK(interpreter_of("#!/p/bin/python\n") == "/p/bin/python");
    CHECK(interpreter_of("#!\"/p q/bin/python\"\n") == "/p q/bin/python");
    CHECK(interpreter_of("#!/bin/sh\n'''exec' \"/p q/bin/python\" \"$0\" \"$@\"\n' '''\n") == "/p q/bin/python");
    CHECK(interpreter_of("#!/bin/sh\n'''exec' nothing\n").empty());
    CHECK(interpreter_of("text").empty());
}
