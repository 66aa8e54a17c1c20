"""What the gateway is told beside the common settings: where its neighbours listen."""

from chassis.settings import Settings


class GatewaySettings(Settings):
    """Addresses of the five services, without a slash at the end."""

    accounts_url: str
    orders_url: str
    notify_url: str
    sharing_url: str
    retention_url: str

    def addresses(self) -> dict[str, str]:
        """Address by service."""
        return {
            "accounts": self.accounts_url,
            "orders": self.orders_url,
            "notify": self.notify_url,
            "sharing": self.sharing_url,
            "retention": self.retention_url,
        }
