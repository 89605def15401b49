"""What sudo does, as a script: the real one needs an owner that tests do not have."""

from typing import Protocol


class Programmable(Protocol):
    """A device that can be given a program."""

    def program(self, name: str, script: str) -> None:
        """Give the device a program."""


def stub_sudo(server: Programmable, *, password: str | None) -> None:
    """Give the device a sudo as the facts say: without a password, or with one that it reads from its input."""
    wanted = "" if password is None else password
    server.program(
        "sudo",
        f"""
        asks=no
        while [ $# -gt 0 ]; do
          case "$1" in
            -S) asks=yes; shift;;
            -n|-k) shift;;
            -p) shift; shift;;
            --) shift; break;;
            *) break;;
          esac
        done
        if [ -n '{wanted}' ]; then
          if [ "$asks" = no ]; then echo 'sudo: a password is required' >&2; exit 1; fi
          IFS= read -r given
          if [ "$given" != '{wanted}' ]; then
            echo 'Sorry, try again.' >&2; echo 'sudo: no password was provided' >&2; exit 1
          fi
        fi
        AS_ROOT=yes; export AS_ROOT
        exec "$@"
        """,
    )
