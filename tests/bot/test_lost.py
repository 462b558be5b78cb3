"""Cards that stay behind."""

from bot.lost import Lost


def test_what_stays_behind_is_picked_from_the_second_look_on_at_ever_longer_intervals() -> None:
    lost: Lost[str] = Lost()
    picked = [look for look in range(1, 20) if lost.pick({("i1", 3): "card"})]
    assert picked == [2, 4, 8, 16]


def test_what_has_moved_on_is_looked_at_anew() -> None:
    lost: Lost[str] = Lost()
    assert not lost.pick({("i1", 3): "card"})
    assert not lost.pick({("i1", 4): "card"})
    assert not lost.pick({})
    assert not lost.pick({("i1", 4): "card"})
    assert lost.pick({("i1", 4): "card"}) == ["card"]
