/** Texts: all of them are in `translations/*.json` of the integration. */

import type { HomeAssistant, Values } from "./home-assistant";

const PREFIX = "component.ha_device_backups";

export type Texts = (key: string, values?: Values) => string;

/** Load the texts of the page; what it returns stays right until the language changes. */
export async function loadTexts(hass: HomeAssistant): Promise<Texts> {
  const localize = await hass.loadBackendTranslation("config_panel", "ha_device_backups");
  return (key, values) => localize(`${PREFIX}.config_panel.${key}`, values) || key;
}

/** The word for how a device is: the same as that of its sensor. */
export function stateText(hass: HomeAssistant, texts: Texts, state: string): string {
  return hass.localize(`${PREFIX}.entity.sensor.state.state.${state}`) || texts(`state.${state}`);
}
