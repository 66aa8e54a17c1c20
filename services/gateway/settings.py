"""What the gateway is told beside the common settings: its neighbours, and what stands before it."""

from pydantic import Field

from chassis.settings import Settings


class GatewaySettings(Settings):
    """Addresses of the five services, without a slash at the end.

    `trusted_proxies` is how many proxies of the house stand in front: each adds to X-Forwarded-For.
    """

    accounts_url: str
    orders_url: str
    notify_url: str
    sharing_url: str
    retention_url: str
    trusted_proxies: int = Field(default=0, ge=0, le=5)

    def addresses(self) -> dict[str, str]:
        """Address by service."""
        return {
            "accounts": self.accounts_url,
            "orders": self.orders_url,
            "notify": self.notify_url,
            "sharing": self.sharing_url,
            "retention": self.retention_url,
        }
