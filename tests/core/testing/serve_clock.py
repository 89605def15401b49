"""A simulated clock in a process of its own; prints its port."""

import asyncio
import sys

from .clock import simulated_clock


async def main() -> None:
    async with simulated_clock() as clock:
        sys.stdout.write(f"{clock.config['port']}\n")
        sys.stdout.flush()
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main())
