"""What the stand-in remembers, in memory and, if asked to, in a file that outlives it.

Every record lives in one dictionary by kind and key. Read and change records only while holding `Store.lock`.
"""

import json
import random
import sqlite3
import threading
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any, TypeVar

FIRST_ID = 2**32 + 700_000_001  # Paystack's ids have outgrown 32 bits; a client that has not must notice here


def iso(moment: datetime) -> str:
    """Return a time as Paystack writes it: UTC, milliseconds, Z. Such strings sort by time."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def now() -> str:
    return iso(datetime.now(UTC))


@dataclass
class Transaction:
    """A charge on its way from `abandoned` (nothing paid yet) to its end. Amounts are in the subunit."""

    id: int
    reference: str
    access_code: str
    email: str
    amount: int
    requested_amount: int
    currency: str
    customer_id: int
    callback_url: str = ""
    cancel_action: str = ""
    channels: list[str] = field(default_factory=list)
    metadata: Any = ""
    subaccount: str = ""
    bearer: str = "account"
    transaction_charge: int | None = None
    split: dict[str, Any] = field(default_factory=dict)
    label: str = ""
    status: str = "abandoned"
    domain: str = "test"
    channel: str = "card"
    gateway_response: str = "The transaction was not completed"
    message: str | None = None
    paid_at: str | None = None
    created_at: str = field(default_factory=now)
    ip_address: str | None = None
    fees: int | None = None
    authorization: dict[str, Any] = field(default_factory=dict)
    refund_outcome: str = "processed"
    attempts: int = 0
    errors: int = 0
    history: list[dict[str, Any]] = field(default_factory=list)
    entered: dict[str, str] = field(default_factory=dict)  # a card form in the middle of its steps
    arrival: dict[str, str] = field(default_factory=dict)  # money on its way: at (a time), channel, card (its number)

    @property
    def key(self) -> str:
        return self.reference


@dataclass
class Refund:
    id: int
    reference: str  # of its transaction
    amount: int
    currency: str
    customer_note: str
    merchant_note: str
    status: str = "pending"
    refund_reference: str | None = None
    account_details: dict[str, Any] = field(default_factory=dict)
    refunded_at: str | None = None
    expected_at: str = ""
    created_at: str = field(default_factory=now)
    updated_at: str = field(default_factory=now)

    @property
    def key(self) -> str:
        return str(self.id)


@dataclass
class Customer:
    id: int
    email: str
    customer_code: str

    @property
    def key(self) -> str:
        return self.email.lower()


@dataclass
class Delivery:
    """One webhook message and its tries. `body` is the very text that is signed and sent.

    status: pending, delivered, failed (the ladder is climbed), held (until released), lost (never sent, a fault).
    held_until: "" somebody releases it, "return" the payer went back, "refund" the refund has ended.
    delay_seconds: from then on.
    """

    id: int
    event: str
    reference: str
    body: str
    signature: str
    url: str
    status: str = "pending"
    held_until: str = ""
    delay_seconds: float = 0
    tries: list[dict[str, Any]] = field(default_factory=list)
    created_at: str = field(default_factory=now)

    @property
    def key(self) -> str:
        return str(self.id)


@dataclass
class Subaccount:
    id: int
    subaccount_code: str
    business_name: str
    bank_code: str
    account_number: str
    percentage_charge: float
    currency: str
    description: str = ""
    primary_contact_email: str = ""
    primary_contact_name: str = ""
    primary_contact_phone: str = ""
    metadata: str = ""
    settlement_schedule: str = "AUTO"
    active: bool = True
    created_at: str = field(default_factory=now)
    updated_at: str = field(default_factory=now)

    @property
    def key(self) -> str:
        return self.subaccount_code


@dataclass
class Split:
    id: int
    split_code: str
    name: str
    type: str
    currency: str
    bearer_type: str
    bearer_subaccount: str
    subaccounts: list[dict[str, Any]]
    active: bool = True
    is_dynamic: bool = False
    created_at: str = field(default_factory=now)
    updated_at: str = field(default_factory=now)

    @property
    def key(self) -> str:
        return self.split_code


@dataclass
class Setting:
    name: str
    value: Any

    @property
    def key(self) -> str:
        return self.name


KINDS = {kind.__name__: kind for kind in (Transaction, Refund, Customer, Delivery, Subaccount, Split, Setting)}
Record = Transaction | Refund | Customer | Delivery | Subaccount | Split | Setting
R = TypeVar("R", bound=Record)


class Store:
    """Records by kind and key, in the order in which they were made. Thread-safe under its one lock."""

    def __init__(self, path: str = "") -> None:
        """path: an SQLite file to keep the records in; empty keeps them in memory alone."""
        self.lock = threading.RLock()
        self._records: dict[str, dict[str, Record]] = {kind: {} for kind in KINDS}
        self._last_id = FIRST_ID
        self._file = _open(path) if path else None
        for kind, body in self._file.execute("SELECT kind, body FROM record ORDER BY rowid") if self._file else ():
            record = KINDS[kind](**json.loads(body))
            self._records[kind][record.key] = record
            self._last_id = max(self._last_id, getattr(record, "id", 0))

    def next_id(self) -> int:
        self._last_id += random.randint(1, 9)  # noqa: S311 - ids of other merchants lie between ours
        return self._last_id

    def save(self, record: R) -> R:
        """Keep a new record, or the changes to one that is here."""
        kind = type(record).__name__
        self._records[kind][record.key] = record
        if self._file:
            self._file.execute(
                "INSERT INTO record (kind, key, body) VALUES (?, ?, ?) "
                "ON CONFLICT (kind, key) DO UPDATE SET body = excluded.body",
                (kind, record.key, json.dumps(asdict(record))),
            )
        return record

    def get(self, kind: type[R], key: str) -> R | None:
        return self._records[kind.__name__].get(key)  # type: ignore[return-value]

    def one(self, kind: type[R], key: str) -> R:
        """Return a record that another one names; raises KeyError if it is not there, which is a bug."""
        return self._records[kind.__name__][key]  # type: ignore[return-value]

    def all(self, kind: type[R]) -> list[R]:
        return list(self._records[kind.__name__].values())  # type: ignore[arg-type]

    def newest(self, kind: type[R]) -> Iterator[R]:
        return reversed(self.all(kind))

    def clear(self) -> None:
        for records in self._records.values():
            records.clear()
        if self._file:
            self._file.execute("DELETE FROM record")

    def close(self) -> None:
        with self.lock:
            if self._file:
                self._file.close()
                self._file = None


def _open(path: str) -> sqlite3.Connection:
    """Open the file. A write is on its way to the disk when save() returns; a power cut may lose the last ones."""
    file = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    file.execute("PRAGMA journal_mode = WAL")
    file.execute("PRAGMA synchronous = OFF")
    file.execute("CREATE TABLE IF NOT EXISTS record (kind TEXT, key TEXT, body TEXT, PRIMARY KEY (kind, key))")
    return file
