"""The Mollie simulator, driven with Mollie's own client over HTTP."""
