"""Secrets that no log, text or error may hold."""

PASSWORD = "canary-login & <password> 4711"
EXPORT_PASSWORD = "canary-export-password <&> 0815"
SESSION = "cafe5eed"
"""How every session id in an address begins."""
TOKEN = "5EC0DE00"
"""How every proof of a confirmation begins."""
PATH = "canary-export-path"
"""In the address of every export."""
DEVICE_LOG = "canary-device-log 198.51.100.7"
WIFI_NAME = "Canary-Wifi-Name"
MAIL = "canary.mail@example.org"
NUMBER = "03012345678"
OWN_KEY = "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0canary"
CANARIES = (
    PASSWORD,
    "canary-login",
    EXPORT_PASSWORD,
    "canary-export-password",
    SESSION,
    TOKEN,
    PATH,
    DEVICE_LOG,
    WIFI_NAME,
    MAIL,
    NUMBER,
    OWN_KEY,
)
