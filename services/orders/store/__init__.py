"""The only SQL of orders, with the mapping of rows. Each function is handed the connection of one purpose."""
