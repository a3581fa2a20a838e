"""What the contract tests hand in: an objective without a network, and calls that kill their worker.

In a module of its own, because worker processes import it by name.
"""

from __future__ import annotations

import os
import signal
import time
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

import numpy as np

from sweeps.objective import Objective, Work
from sweeps.seeds import Purpose, generator
from sweeps.settings import KnownSetting
from sweeps.trial import finish

CAP = 4.0


class Bowl(Objective):
    """Gradient descent on x² + steepness · y² from a start that the seed decides: no data, no network."""

    keys = ("epochs",)
    metrics = ("height", "best_height")

    def settings(self, table):  # noqa: ARG002 (always the same)
        """The rate, how steep the bowl is, and a momentum that only the heavy ball has."""
        return {
            "ball": KnownSetting("how it rolls", "choice", "light", choices=("light", "heavy")),
            "rate": KnownSetting("step in units of the gradient", "float", 0.1, 0, 10, low_open=True),
            "steepness": KnownSetting("curvature along y", "float", 1.0, 0, 100),
            "momentum": KnownSetting("β", "float", 0.5, 0, 1, when={"ball": ("heavy",)}),
        }

    def prepare(self, definition, space):
        """Nothing to load."""
        return BowlWork(dict(space.fixed), definition.seed, definition.epochs, definition.metric)

    def unit(self, definition):  # noqa: ARG002 (always the same)
        """Heights are heights."""
        return "metres"


@dataclass(frozen=True)
class BowlWork(Work):
    """What all trials on a bowl have in common."""

    fixed: dict
    seed: int
    epochs: int
    metric: str
    cap: float = CAP

    def start(self):
        """Nothing to get ready."""
        return self.roll

    def roll(self, task):
        """One trial: heights at the start and after every epoch; a ball that leaves the bowl has diverged."""
        (trial,) = task
        c = {
            "ball": "light",
            "rate": 0.1,
            "steepness": 1.0,
            "momentum": 0.0,
            **self.fixed,
            **trial.configuration,
        }
        curvature = np.array([1.0, c["steepness"]])
        place = 1 + 0.1 * generator(self.seed, trial.replicate, Purpose.WEIGHTS).standard_normal(2)
        velocity, heights = np.zeros(2), [float(curvature @ place**2)]
        for epoch in range(self.epochs):
            velocity = c["momentum"] * velocity + 2 * curvature * place
            place = place - c["rate"] * velocity
            if (height := float(curvature @ place**2)) > 1e6:
                return [finish(trial, {"height": heights}, {}, self.metric, CAP, float(epoch + 1), 0.0)]
            heights.append(height)
        return [finish(trial, {"height": heights}, {"height": heights[-1]}, self.metric, CAP, None, 0.0)]


def distance(configuration, seed):
    """Function of the user's own, at hand and in a module."""
    return abs(configuration["a"] - 2) + seed % 3


def nothing():
    """Get ready for nothing."""


def square(number):
    """Square of a number."""
    return number * number


def square_or_die(job):
    """Square of a number; the first to be asked for the fatal one is ended, as by the kernel for memory."""
    number, fatal, grave, by = job
    if number == fatal and not Path(grave).exists():
        Path(grave).write_text(str(os.getpid()), encoding="utf-8")
        os.kill(os.getpid(), by)
    return number * number


def long_or_torn(job):
    """A result that fills a pipe; the first for the fatal number is torn, its worker killed in the middle."""
    number, fatal, torn = job
    if number == fatal and not Path(torn).exists():
        Path(torn).touch()

        def tear(connection, content, *_):
            os.write(connection.fileno(), content[:3])
            os.kill(os.getpid(), signal.SIGKILL)

        Connection._send = tear
    return bytes(2**18)


def be_deaf_or_die(job):
    """Square of a number; the first time one worker is deaf to being ended, and the other is killed."""
    number, folder = job
    deaf, grave = Path(folder, "deaf"), Path(folder, "grave")
    if number == 0 and not grave.exists():
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        deaf.touch()
        time.sleep(600)
    if number == 1 and not grave.exists():
        while not deaf.exists():
            time.sleep(0.01)
        grave.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return number * number


def square_or_hang(job):
    """Square of a number; the first to be asked for the fatal one does not come back."""
    number, fatal, hung = job
    if number == fatal and not Path(hung).exists():
        Path(hung).touch()
        time.sleep(600)
    return number * number


def die(_):
    """Be killed whenever asked."""
    os.kill(os.getpid(), signal.SIGKILL)


def sleep_long(folder):
    """Leave one's number behind, then work for a minute."""
    Path(folder, str(os.getpid())).touch()
    time.sleep(60)


def blas_threads(_):
    """Threads of every BLAS in this worker."""
    from threadpoolctl import threadpool_info

    np.ones((2, 2)) @ np.ones((2, 2))
    return [library["num_threads"] for library in threadpool_info()]


def subnormal_product(_):
    """What a subnormal product is in this worker while it trains, and before and after."""
    from sweeps.network import Architecture
    from sweeps.settings import complete
    from sweeps.splits import Split
    from sweeps.training import Order, train

    def look(*_):
        seen.append(float((np.full(9, 2.0**-100, np.float32) * np.float32(2.0**-40)).max()))

    seen, x = [], np.ones((4, 1))
    split = Split(x, x, x, x, None, None)
    look()
    order = Order.draw(np.random.default_rng(0), 4, 1, 2)
    train([complete({})], Architecture(1, (), 1), np.zeros((1, 2)), split, order, look)
    look()
    return seen
