"""Where retention keeps things: the only SQL of this service, and the ledger of the erased."""
