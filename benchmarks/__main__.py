"""`make bench [NAME=…]`: measure and print one line a figure."""

from __future__ import annotations

import importlib
import sys

# Module → names of its figures. The one that starts the product from nothing comes first: it wants a quiet machine.
MODULES = {
    "cold_run": ["cold_run_s", "warm_run_s"],
    "bench_data": ["bench_data_s"],
    "check": ["check_p95_ms"],
    "batch": ["batch_100k_s", "batch_vs_sql", "batch_linear"],
    "watch": ["watch_match_s"],
    "checks_http": ["checks_per_s", "checks_http_p95_ms"],
    "import_road": ["import_vs_plain", "import_vs_copy", "import_rss_mb"],
    "fixfile": ["fixfile_s"],
    "approve": ["approve_queries_per_1000", "approve_s_per_10000"],
    "report": ["report_vs_weasyprint", "report_p95_ms"],
    "report_list": ["report_scaling", "report_rss_growth"],
    "verify": ["verify_vs_bare"],
}


def main() -> None:
    wanted = sys.argv[1] if len(sys.argv) > 1 else ""
    chosen = [module for module, names in MODULES.items() if wanted in {"", module, *names}]
    if not chosen:
        known = ", ".join(name for names in MODULES.values() for name in names)
        sys.exit(f"There is no figure {wanted!r}. Known are: {known}.")
    for module in chosen:
        for figure in importlib.import_module(f"benchmarks.{module}").measure():
            if wanted in {"", module, figure.name}:
                print(figure.line(), flush=True)


main()
