"""`./run torture pairs [--pairs N] [--seed S]`: the same act twice at one moment; each is done once, and no answer is a server error.

An installation of its own with the demo county. Two browsers of the clerk send the same file at the same moment and attach the same
paper to the same person; once the file is checked, two of the reviewer apply it. N pairs of each. Of every pair there must be one
delivery, one attachment, one approval and one application, the second answer a page or a refusal with words. Exit code 1 when one was not.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

from torture._installation import CURRENT_CODES, OPEN_NIGHTS, Installation, Lost, run_on_installation, wait_for
from torture._page import Page

CLERK, REVIEWER = "wang.jingban", "li.fuhe"
DAY, COUNTY_CODE = "2018-12-31", "320697"  # a code that was never assigned
CHECKED_SECONDS, SETTLED_SECONDS = 120, 900
PERSON = (
    "SELECT min(id) FROM registry_person WHERE county_id = (SELECT id FROM regions_unit WHERE code = '320682000000')"
)
SENT = "SELECT count(*), min(id), min(state) FROM registry_delivery WHERE file_name = '{name}'"
ATTACHED = "SELECT count(*) FROM registry_attachment"
EVENTS = "SELECT count(*) FROM audit_auditevent WHERE verb = '{verb}' AND object_id IN ({ids})"
UNSETTLED = "SELECT count(*) FROM registry_delivery WHERE id IN ({ids}) AND state IN ('received', 'checked')"
ENDED = "SELECT count(*) FROM registry_delivery WHERE id IN ({ids}) AND state IN ('applied', 'superseded')"


def at_once(acts: Sequence[Callable[[], int]]) -> tuple[int, ...]:
    """Do the acts in threads that begin at the same moment; return their statuses, the lower first."""
    together = Barrier(len(acts))

    def one(act: Callable[[], int]) -> int:
        together.wait()
        return act()

    with ThreadPoolExecutor(len(acts)) as pool:
        return tuple(sorted(pool.map(one, acts)))


def write_deaths(path: Path, number: int, dice: random.Random) -> Path:
    """Write a list of one death that no other file has."""
    body = f"{COUNTY_CODE}19{dice.randrange(20, 60)}0{dice.randrange(1, 9)}1{dice.randrange(0, 9)}{number:03}"
    checks = zip(map(int, body), (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2), strict=True)
    check = "10X98765432"[sum(digit * weight for digit, weight in checks) % 11]
    path.write_text(f"姓名,身份证号码,死亡日期\n张三,{body}{check},2018-12-{dice.randrange(1, 28):02}\n", "utf-8")
    return path


class Pairs:
    """Counts the statuses of each kind of pair, and what was wrong."""

    def __init__(self, installation: Installation) -> None:
        self.installation = installation
        self.statuses: dict[str, Counter[tuple[int, ...]]] = {
            "send": Counter(),
            "attach": Counter(),
            "apply": Counter(),
        }
        self.deliveries: list[int] = []
        self.wrong: list[str] = []
        port = installation.port
        self.clerks, self.reviewers = ([Page(port, name) for _ in range(2)] for name in (CLERK, REVIEWER))
        self.person = installation.ask(PERSON)[0]

    def send(self, path: Path) -> None:
        """Send the same file twice; there is one delivery of it."""
        self._note("send", [lambda page=page: page.send_once(path, DAY) for page in self.clerks])  # type: ignore[misc]
        count, delivery, _state = self.installation.ask(SENT.format(name=path.name))
        if count != 1:
            self.wrong.append(f"{path.name}: {count} deliveries")
        else:
            self.deliveries.append(int(str(delivery)))

    def attach(self, path: Path, number: int) -> None:
        """Attach the same paper twice; there is one more."""
        self._note("attach", [lambda page=page: page.attach_once(path, self.person) for page in self.clerks])  # type: ignore[misc]
        if (there := self.installation.ask(ATTACHED)[0]) != number + 1:
            self.wrong.append(f"paper {number}: {there} attachments")

    def apply(self, delivery: int) -> None:
        """Apply the same file twice, once it is checked; it is approved once."""
        state = f"SELECT state FROM registry_delivery WHERE id = {delivery}"
        wait_for(
            f"checking delivery {delivery}", lambda: self.installation.ask(state)[0] != "received", CHECKED_SECONDS
        )
        self._note("apply", [lambda page=page: page.apply_once(delivery) for page in self.reviewers])  # type: ignore[misc]

    def settle(self) -> None:
        """Wait until everything sent is applied; each was approved and applied once."""
        ids, quoted = (",".join(map(kind, self.deliveries)) or kind(0) for kind in (str, lambda each: f"'{each}'"))
        wait_for("the end", lambda: self.installation.ask(UNSETTLED.format(ids=ids)) == (0,), SETTLED_SECONDS)
        for what, found in (
            (
                "approvals",
                self.installation.ask(EVENTS.format(verb="delivery_approved", ids=quoted)),
            ),
            (
                "applications",
                self.installation.ask(EVENTS.format(verb="delivery_applied", ids=quoted)),
            ),
            ("applied files", self.installation.ask(ENDED.format(ids=ids))),
        ):
            print(f"{what}: {found[0]} of {len(self.deliveries)}", flush=True)
            if found != (len(self.deliveries),):
                self.wrong.append(f"{found[0]} {what} of {len(self.deliveries)}")

    def _note(self, kind: str, acts: Sequence[Callable[[], int]]) -> None:
        statuses = at_once(acts)
        self.statuses[kind][statuses] += 1
        if statuses[0] not in range(200, 400) or statuses[-1] >= 500:
            self.wrong.append(f"{kind}: {statuses}")


def torture(installation: Installation, options: argparse.Namespace) -> int:
    """Do every pair; return how much was wrong."""
    dice = random.Random(options.seed)
    installation.start()
    print(f"up after {wait_for('the first start', installation.is_up, 600):.0f} s; seed {options.seed}", flush=True)
    wait_for(
        "the demo county",
        lambda: installation.ask(OPEN_NIGHTS) == (0,) and bool(installation.ask(CURRENT_CODES)[0]),
        300,
    )
    pairs, began = Pairs(installation), time.monotonic()
    papers = int(str(installation.ask(ATTACHED)[0]))
    with tempfile.TemporaryDirectory() as folder:
        for number in range(options.pairs):
            pairs.send(write_deaths(Path(folder) / f"死亡名单{number:03}.csv", number, dice))
            paper = Path(folder) / f"证明{number:03}.pdf"
            paper.write_bytes(b"%%PDF-1.7 %d %d" % (options.seed, number))
            pairs.attach(paper, papers + number)
        for delivery in pairs.deliveries:
            pairs.apply(delivery)
    try:
        pairs.settle()
    except Lost as lost:
        pairs.wrong.append(str(lost))
    for kind, counted in pairs.statuses.items():
        print(f"{kind}: {counted.total()} pairs, statuses {dict(sorted(counted.items()))}")
    for each in pairs.wrong:
        print(f"WRONG: {each}")
    print(f"{3 * options.pairs} pairs in {time.monotonic() - began:.0f} s, {len(pairs.wrong)} wrong")
    return len(pairs.wrong)


def main() -> int:
    parser = argparse.ArgumentParser(prog="./run torture pairs", description=__doc__)
    parser.add_argument("--pairs", type=int, default=200)
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))
    options = parser.parse_args()
    return run_on_installation(lambda installation: torture(installation, options))


if __name__ == "__main__":
    sys.exit(main())
