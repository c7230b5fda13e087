"""How the benches of quality count."""


class Count:
    """True and false positives and misses, over sets or over yes and no."""

    def __init__(self):
        self.tp = self.fp = self.fn = 0

    def add(self, gold, got, optional=()):
        gold, got = set(gold), set(got) - (set(optional) - set(gold))
        self.tp += len(gold & got)
        self.fp += len(got - gold)
        self.fn += len(gold - got)

    def f1(self):
        return 200 * self.tp / max(1, 2 * self.tp + self.fp + self.fn)

    def __str__(self):
        p, r = self.tp / max(1, self.tp + self.fp), self.tp / max(1, self.tp + self.fn)
        return f"P {100 * p:.1f} R {100 * r:.1f} F {self.f1():.1f}"
