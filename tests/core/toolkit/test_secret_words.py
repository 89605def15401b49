import pytest

from ha_device_backup_core.toolkit import names_a_password, without_noted_secrets

PASSWORDS = (
    *("password", "Passwort", "kennwort", "wachtwoord", "mot de passe", "mot_de_passe", "motdepasse", "motDePasse"),
    *("contraseña", "contrasen\u0303a", "contrasena", "hasło", "haslo", "lösenord", "losenord", "adgangskode"),
    *("passord", "salasana", "jelszó", "пароль", "密码"),
)
"""Words that mean nothing else."""
SHORT = ("mdp", "senha", "parola", "heslo")
NAMES = ("compass", "bypass", "heading", "keyboard", "monkey", "tokenizer", "passage", "desenha", "resenha", "parolado")


def told(text: str) -> str:
    """Return a text with two dots for each secret."""
    return without_noted_secrets(text, lambda _secret: "..")


@pytest.mark.parametrize("word", [*PASSWORDS, *SHORT, "WifiSenha", "wifi-mdp2", "WIFI_CONTRASEÑA", "mqttMotDePasse"])
def test_a_name_says_in_many_languages_that_it_is_a_password(word: str) -> None:
    assert names_a_password(word)


@pytest.mark.parametrize("word", [*NAMES, "key", "name", "has_loop", "modepasse"])
def test_other_names_are_no_passwords(word: str) -> None:
    assert not names_a_password(word)


@pytest.mark.parametrize("word", [*PASSWORDS, *SHORT])
def test_what_is_noted_for_a_password_is_hidden(word: str) -> None:
    notes = (f"{word}: canary", f"{word} : canary", f"wifi_{word}=canary x", f"{word}%3Dcanary")
    assert [told(note) for note in notes] == [f"{word}: ..", f"{word} : ..", f"wifi_{word}=.. x", f"{word}%3D.."]
    assert told(f'{{"{word}":"canary b", "on":1}}') == f'{{"{word}":"..", "on":1}}'
    assert told(f'{{"{word}": 4711,"on":1}}') == f'{{"{word}": ..,"on":1}}'
    assert told(f"{{'{word}':'canary'}}") == f"{{'{word}':'..'}}"


@pytest.mark.parametrize("word", PASSWORDS)
def test_a_word_for_a_password_alone_is_enough(word: str) -> None:
    assert told(f"{word} canary x") == f"{word} .. x"


@pytest.mark.parametrize("word", SHORT)
def test_a_short_word_alone_is_not(word: str) -> None:
    assert told(f"{word} warm") == f"{word} warm"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Cookie: a=1; b=canary", "Cookie: .."),
        ("Cookie: a=1; b=canary; Power1 ON", "Cookie: ..; Power1 ON"),
        ("Set-Cookie:sid=canary\r\nServer: lamp", "Set-Cookie:..\r\nServer: lamp"),
        ('Authorization: Digest username="a", realm="r; x", response="canary"', "Authorization: .."),
        ('Proxy-Authorization: Digest response="canary', "Proxy-Authorization: .."),
        ("[Cookie:a=canary|Accept:text/plain] x", "[Cookie:..|Accept:text/plain] x"),
        ("Cookie monster", "Cookie monster"),
        ("hooks.slack.com/services/T/B/canary POST", "hooks.slack.com/services/.. POST"),
        ("discord.com/api/webhooks/1/canary", "discord.com/api/webhooks/.."),
        ("discordapp.com/api/v10/webhooks/1/canary?wait=1", "discordapp.com/api/v10/webhooks/..?wait=1"),
        ("https://ptb.discord.com/api/webhooks/1/canary", "https://ptb.discord.com/api/webhooks/.."),
        ("api.telegram.org/bot1:canary/sendMessage", "api.telegram.org/bot.."),
        ("acme.webhook.office.com/webhookb2/canary", "acme.webhook.office.com/webhookb2/.."),
        ("ntfy.sh/canary", "ntfy.sh/.."),
        ("homeassistant:8123/api/webhook/canary", "homeassistant:8123/api/webhook/.."),
        ("maker.ifttt.com/trigger/a/with/key/canary", "maker.ifttt.com/trigger/a/with/key/.."),
        ("discord.com/channels/1", "discord.com/channels/1"),
        ("home/keys/lamp", "home/keys/lamp"),
        ("AuthKey x", "AuthKey .."),
        ("EspNowKey canary; Power1 ON", "EspNowKey ..; Power1 ON"),
        ("LoRaWanAppKey 1,canary", "LoRaWanAppKey .."),
        ("TLSKey1 canary", "TLSKey1 .."),
        ("X-Api-Key: canary", "X-Api-Key: .."),
        ("api key: canary", "api key: .."),
        *((name, name) for name in ("RfKey1 4", "Key 1", "Key light", "Master key light", "Monkey 2", "Turkey Key")),
        *((f"{name}: {value}", f"{name}: {value}") for name in NAMES for value in ("on", "4711")),
        *((f"{name}=on", f"{name}=on") for name in NAMES),
        ("Password through", "Password through"),
        ("Password: //", "Password: //"),
    ],
)
def test_headers_addresses_and_keys_tell_nothing_and_other_words_stay(text: str, shown: str) -> None:
    assert told(text) == shown


@pytest.mark.parametrize(
    "text", ["Cookie: ", 'Cookie: "', "a.", "a:1/x/", "mot de ", "passwort ", "Cookie:a=1;", "auth", "auth_", "a-"]
)
def test_a_text_without_end_takes_no_time(text: str) -> None:
    assert told(text * 20_000)
