"""The planner's pages: programme, halls, dates with prices, codes, looks."""
