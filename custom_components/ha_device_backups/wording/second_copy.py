"""What is wrong with the second copy, in a sentence that says nothing of the backups themselves."""

from homeassistant.core import HomeAssistant

from ha_device_backup_core.host import StoreError

from ..translation import error_text, loaded_texts


def second_copy_sentence(hass: HomeAssistant, problem: StoreError, language: str) -> str:
    """Return it in a language that is loaded."""
    if problem.code == StoreError.code and (detail := problem.detail_in(language)):
        return detail
    return error_text(loaded_texts(hass, "exceptions", language), problem, language)
