"""Secrets that no log, text or error may hold."""

PASSWORD = "canary-web-password-7391"
WIFI_NAME = "Canary-Wifi-Name-4711"
WIFI_PASSWORD = "canary-wifi-password-0815"
MQTT_USER = "canary-mqtt-user"
MQTT_PASSWORD = "canary-mqtt-password-9931"
SCRIPT_TOKEN = "canary-script-token-6174"
CANARIES = (WIFI_NAME, WIFI_PASSWORD, MQTT_USER, MQTT_PASSWORD, SCRIPT_TOKEN)
