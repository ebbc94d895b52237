"""G5xx: a gate that reads well and cannot do its work."""

from __future__ import annotations

from engine.config.codes.code import Code

_HEAD = "gate: max_drawdown\nmetric: drawdown_pct\n"
_RATE = "gate: execution_rate\nmetric: execution_rate_pct\n"

GATES = {
    "G501": Code(
        "gate without threshold", "A gate that cannot turn red proves nothing.", _HEAD, _HEAD + "fail_from: 15"
    ),
    "G502": Code(
        "must_be beside another threshold",
        "An exact value leaves no room for a band.",
        "gate: breaches\nmetric: hard_limit_breaches\nmust_be: 0\nfail_from: 1",
        "gate: breaches\nmetric: hard_limit_breaches\nmust_be: 0",
    ),
    "G503": Code(
        "two thresholds for one band",
        "One threshold a band; which of two would hold?",
        _HEAD + "fail_from: 15\nfail_above: 20",
        _HEAD + "fail_from: 15",
    ),
    "G504": Code(
        "warning behind the failure",
        "A value that worsens must meet the warning before the failure, else the warning is never seen.",
        _HEAD + "warn_from: 20\nfail_from: 15",
        _HEAD + "warn_from: 10\nfail_from: 15",
    ),
    "G505": Code(
        "threshold on the good side",
        "The metric says whether lower or higher is better; the threshold guards the other side.",
        _RATE + "fail_above: 95",
        _RATE + "fail_at_or_below: 95",
    ),
    "G506": Code(
        "statistic that forgives",
        "The statistic would hide what the gate is there to catch, such as the mean of a drawdown. A metric's own "
        "statistic fits, and the worst value of the run; of a latency or an age every percentile in the bad tail, p90 "
        "or higher. A metric that tolerates no breach is judged by sum or max.",
        _HEAD + "stat: mean\nfail_from: 15",
        _HEAD + "stat: max\nfail_from: 15",
    ),
    "G507": Code(
        "too few samples for the percentile",
        "A warning. So few samples cannot bound the percentile with 95 % confidence: the gate never gets beyond WARN.",
        "gate: decision_p99\nmetric: decision_latency_ms\nstat: p99\nmin_samples: 100\nfail_from: 15",
        "gate: decision_p99\nmetric: decision_latency_ms\nstat: p99\nfail_from: 15",
    ),
    "G508": Code(
        "gate that can only warn",
        "A gate needs a fail_ threshold or must_be.",
        _HEAD + "warn_from: 10",
        _HEAD + "warn_from: 10\nfail_from: 15",
    ),
    "G509": Code(
        "must_catch without one breach",
        "must_catch names exactly one planted breach: a broken governor or a fault.",
        _HEAD + "fail_from: 15\nmust_catch: {}",
        _HEAD + "fail_from: 15\nmust_catch: {defect: ignores_drawdown}",
    ),
    "G510": Code(
        "threshold that tolerates a breach",
        "A metric that tolerates no single breach must be 0; a threshold beyond one breach would let it pass.",
        "gate: leaks\nmetric: order_leaks\nfail_from: 5",
        "gate: leaks\nmetric: order_leaks\nmust_be: 0",
    ),
}
