"""The desk: feed handler, strategy, governor, gateway, broker session, ledger; and the venue observer."""
