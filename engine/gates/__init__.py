"""Gates: a threshold, a statistic and a window applied to a metric's series; one verdict with its evidence."""
