"""Secrets that no log, text or error may hold."""

PIN = "7391"
WIFI_NAME = "Canary-Wifi-Name-4711"
WIFI_PASSWORD = "canary-wifi-password-0815"
AP_PASSWORD = "canary-ap-password-2342"
MQTT_USER = "canary-mqtt-user"
MQTT_PASSWORD = "canary-mqtt-password-9931"
OTA_PASSWORD = "canary-ota-password-5150"
HUE_KEY = "canary-hue-key-6174"
CANARIES = (WIFI_NAME, WIFI_PASSWORD, AP_PASSWORD, MQTT_USER, MQTT_PASSWORD, OTA_PASSWORD, HUE_KEY)
"""The PIN must not turn up either, but its digits also do in ports and times."""
