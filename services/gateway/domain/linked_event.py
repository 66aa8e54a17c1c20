"""An event as schema.org knows it, for search engines and other programs: JSON-LD of what the page says."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from contracts.orders.api import EventDetail, Price

AVAILABILITY = {
    "announced": "PreOrder",
    "soon": "PreSale",
    "on_sale": "InStock",
    "sold_out": "SoldOut",
    "closed": "Discontinued",
    "past": "Discontinued",
}


def linked_event(detail: EventDetail, house: Mapping[str, Any], origin: str, language: str) -> str:
    """JSON that can stand inside a script element: no sign in it ends one."""
    event, url = detail.event, f"{origin}/e/{detail.event.slug}"
    told: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Event",
        "@id": url,
        "url": url,
        "name": event.title.in_language(language),
        "description": event.blurb.in_language(language),
        "startDate": event.starts_at.isoformat(),
        "endDate": event.ends_at.isoformat(),
        "doorTime": event.doors_at.isoformat(),
        "eventStatus": "https://schema.org/EventScheduled",
        "eventAttendanceMode": "https://schema.org/OfflineEventAttendanceMode",
        "location": _place(event.hall, house),
        "organizer": [_organisation(name) for name in (house["name"], *(one.name for one in event.partners))],
        "offers": list(_offers(detail, house["currency"], url, language)),
    }
    if detail.series is not None:
        told["superEvent"] = {
            "@type": "EventSeries",
            "name": detail.series.title.in_language(language),
            "url": f"{origin}/?in={detail.series.id}",
        }
    return json.dumps(told, ensure_ascii=False).replace("<", "\\u003c").replace(">", "\\u003e")


def _organisation(name: str) -> dict[str, str]:
    return {"@type": "Organization", "name": name}


def _place(hall: str, house: Mapping[str, Any]) -> dict[str, Any]:
    address = {
        "@type": "PostalAddress",
        "streetAddress": house["street"],
        "postalCode": house["postal_code"],
        "addressLocality": house["town"],
        "addressCountry": house["country"],
    }
    return {"@type": "Place", "name": f"{house['name']}, {hall}", "address": address}


def _offers(detail: EventDetail, currency: str, url: str, language: str) -> Iterator[dict[str, str]]:
    """What is sold here, each price by zone where that matters."""
    event = detail.event
    for price in detail.prices:
        for name, cents in _amounts(price, detail, language) if price.sold else ():
            yield {
                "@type": "Offer",
                "name": name,
                "price": f"{cents // 100}.{cents % 100:02d}",
                "priceCurrency": currency,
                "availability": "https://schema.org/" + AVAILABILITY[event.state],
                "validFrom": event.on_sale_from.isoformat(),
                "url": url,
            }


def _amounts(price: Price, detail: EventDetail, language: str) -> list[tuple[str, int]]:
    name = price.title.in_language(language)
    if not price.zones:
        return [(name, price.cents)]
    return [
        (f"{name}, {title.in_language(language)}", price.zones.get(zone, price.cents))
        for zone, title in detail.zones.items()
    ]
