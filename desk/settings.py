"""Settings a municipality makes for itself."""

from __future__ import annotations

from desk.wiring import House

__all__ = ["cpu_phone", "set_cpu_phone"]


def cpu_phone(house: House, municipality: str | None) -> str:
    """Return the telephone of the municipality's Child Protection Unit, or an ellipsis."""
    if municipality is None:
        return "…"
    return house.store.setting(f"cpu_phone.{municipality}") or "…"


def set_cpu_phone(house: House, municipality: str, phone: str) -> None:
    """Keep the telephone of the municipality's Child Protection Unit."""
    house.store.set_setting(f"cpu_phone.{municipality}", phone.strip())
