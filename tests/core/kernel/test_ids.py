import os
import time
from concurrent.futures import ThreadPoolExecutor
from uuid import RFC_4122, UUID

from ciam_core.kernel import ids
from ciam_core.kernel.ids import uuid7


def test_the_layout_is_that_of_the_rfc():
    """RFC 9562 §5.7: 48 bits of milliseconds, version 7, variant 10."""
    before = time.time_ns() // 1_000_000
    made = uuid7()
    assert (made.version, made.variant) == (7, RFC_4122)
    assert before <= made.int >> 80 <= time.time_ns() // 1_000_000


def test_later_ones_are_greater_although_a_millisecond_holds_many():
    made = [uuid7() for _ in range(10_000)]
    assert made == sorted(set(made))


def test_threads_never_make_the_same():
    with ThreadPoolExecutor(8) as threads:
        made = list(threads.map(lambda _: uuid7(), range(2_000)))
    assert len(set(made)) == len(made)


def test_a_clock_that_is_set_back_makes_no_smaller_one(time_machine):
    time_machine.move_to("2030-01-01")
    first = uuid7()
    time_machine.move_to("2029-01-01")
    assert uuid7() > first


def test_what_is_not_time_is_random():
    # Neighbours within a millisecond may count up; between milliseconds every bit is drawn anew.
    drawn = set()
    for _ in range(20):
        drawn.add(uuid7().int & ((1 << 62) - 1))
        time.sleep(0.0015)
    assert len(drawn) == 20


def test_a_child_of_a_fork_makes_others_than_its_parent(time_machine):
    time_machine.move_to("2030-01-01", tick=False)
    uuid7()
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.write(writer, b"".join(uuid7().bytes for _ in range(50)))
        finally:
            os._exit(0)
    os.waitpid(child, 0)
    theirs = os.read(reader, 16 * 50)
    made = {UUID(bytes=theirs[place : place + 16]) for place in range(0, len(theirs), 16)}
    assert len(made) == 50
    assert made.isdisjoint({uuid7() for _ in range(50)})
    assert ids._last  # the parent counts on from where it was
