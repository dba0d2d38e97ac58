"""One spelling for what people write in many: phones, serial numbers, names (R-N09).

Pure functions: no database. The models in ``models/identity`` keep what they answer in
indexed columns; every comparison of a phone, serial number or name goes through here.
"""

from .names import clean, name_key
from .phones import Phone, phone_tokens, read_phones, same_phone
from .serials import serial_key

__all__ = [
    "Phone",
    "clean",
    "name_key",
    "phone_tokens",
    "read_phones",
    "same_phone",
    "serial_key",
]
