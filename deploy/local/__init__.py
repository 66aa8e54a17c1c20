"""The local house: PostgreSQL, RabbitMQ, six services and what they speak to, on one machine."""
