"""Documents made from contracts, charters and routes: never edited by hand, compared on every check."""
