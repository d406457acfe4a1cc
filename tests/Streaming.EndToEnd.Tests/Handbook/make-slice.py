#!/usr/bin/env python3
"""Cuts slice.csv out of the Fraud Detection Handbook's transactions and computes the right values of its features.

    make-slice.py TRANSACTIONS.csv > slice.csv

The input has the columns transaction_id, ts_ms, customer_id, terminal_id, amount, fraud, in order of transaction_id. The slice holds whole
histories: all transactions of six terminals with the most frauds, and of twelve customers who paid twice within one second.
The features are recomputed by nested loops over the slice, with exact fractions; nothing of the product is used.
"""
import csv
import datetime
import sys
from collections import Counter, defaultdict
from fractions import Fraction

DAY = 86_400_000
WINDOWS = (1, 7, 30)

rows = [(int(r[0]), int(r[1]), int(r[2]), int(r[3]), r[4], int(r[5])) for r in list(csv.reader(open(sys.argv[1])))[1:]]

frauds = Counter(r[3] for r in rows if r[5])
terminals = {t for t, _ in sorted(frauds.items(), key=lambda f: (-f[1], f[0]))[:6]}
moments = Counter((r[2], r[1]) for r in rows)
customers = set(sorted({customer for (customer, _), n in moments.items() if n > 1})[:12])
slice_rows = [r for r in rows if r[2] in customers or r[3] in terminals]

by_customer, by_terminal = defaultdict(list), defaultdict(list)
for r in slice_rows:
    by_customer[r[2]].append(r)
    by_terminal[r[3]].append(r)


def mean(values):
    return float(sum(values) / len(values)) if values else 0.0


writer = csv.writer(sys.stdout, lineterminator="\n")
writer.writerow(
    ["transaction_id", "ts", "customer_id", "terminal_id", "amount", "fraud"]
    + [f"tx_count_{w}d" for w in WINDOWS] + [f"amount_avg_{w}d" for w in WINDOWS]
    + [f"terminal_count_{w}d" for w in WINDOWS] + [f"risk_{w}d" for w in WINDOWS])
for r in slice_rows:
    ident, at, customer, terminal, amount, fraud = r
    counts, means, seen, risks = [], [], [], []
    for w in WINDOWS:
        # Of the customer's transactions those up to this one: an equal time counts where its row came before.
        mine = [o for o in by_customer[customer] if at - w * DAY < o[1] <= at and o[0] <= ident]
        counts.append(len(mine))
        means.append(mean([Fraction(float(o[4])) for o in mine]))
        # Labels come a week late.
        past = [o for o in by_terminal[terminal] if at - 7 * DAY - w * DAY < o[1] <= at - 7 * DAY]
        seen.append(len(past))
        risks.append(mean([Fraction(o[5]) for o in past]))
    moment = datetime.datetime.fromtimestamp(at / 1000, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    writer.writerow([ident, moment, customer, terminal, amount, fraud] + counts + [repr(m) for m in means] + seen + [repr(m) for m in risks])
