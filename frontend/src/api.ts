/** The commands of the integration. */

import { RequestError } from "./errors";
import type { HomeAssistant } from "./home-assistant";
import type {
  Backup,
  Comparison,
  DevicesMessage,
  Guide,
  ImportState,
  OfferedRecipe,
  OpenSnapshot,
  PackagesState,
  Plan,
  RecipeFile,
  RecoveryMessage,
  RestoreState,
  Snapshots,
  Taken,
} from "./records";

const DOMAIN = "ha_device_backups";

export class Api {
  constructor(private readonly hass: HomeAssistant) {}

  followDevices(handle: (message: DevicesMessage) => void): Promise<() => Promise<void>> {
    return this.follow("devices/subscribe", handle);
  }

  followRestore(device_key: string, handle: (state: RestoreState) => void): Promise<() => Promise<void>> {
    return this.follow("restore/subscribe", handle, { device_key });
  }

  backUp(device_key: string): Promise<{ message: string }> {
    return this.call("back_up", { device_key });
  }

  backUpAll(): Promise<{ message: string }> {
    return this.call("back_up_all", {});
  }

  backups(device_key: string): Promise<{ backups: Backup[] }> {
    return this.call("backups/list", { device_key });
  }

  protect(device_key: string, backup_id: string, isProtected: boolean): Promise<unknown> {
    return this.call("backups/protect", { device_key, backup_id, protected: isProtected });
  }

  accept(device_key: string, backup_id: string): Promise<unknown> {
    return this.call("backups/accept", { device_key, backup_id });
  }

  delete(device_key: string, backup_id: string, even_if_needed: boolean): Promise<unknown> {
    return this.call("backups/delete", { device_key, backup_id, even_if_needed });
  }

  /** Compare two backups, or one with what the device holds now (`newer` is null). */
  compare(device_key: string, older: string, newer: string | null): Promise<Comparison> {
    return this.call("backups/compare", { device_key, older, ...(newer === null ? {} : { newer }) });
  }

  plan(device_key: string, backup_id: string, source_key: string): Promise<Plan> {
    return this.call("restore/plan", { device_key, backup_id, source_key });
  }

  guide(device_key: string, backup_id: string): Promise<Guide> {
    return this.call("restore/guide", { device_key, backup_id });
  }

  restore(device_key: string, backup_id: string, source_key: string): Promise<unknown> {
    return this.call("restore/start", { device_key, backup_id, source_key });
  }

  snapshots(): Promise<Snapshots> {
    return this.call("snapshots/list", {});
  }

  followSnapshot(handle: (state: OpenSnapshot) => void): Promise<() => Promise<void>> {
    return this.follow("snapshots/subscribe", handle);
  }

  /** Begin to read one of Home Assistant's backups, or again what is open (null). */
  openSnapshot(snapshot_id: string | null, key: { password?: string; use_own_key?: boolean } = {}): Promise<unknown> {
    return this.call("snapshots/open", { snapshot_id, ...key });
  }

  closeSnapshot(): Promise<unknown> {
    return this.call("snapshots/close", {});
  }

  /** Take one backup of a device into the store, or all (null). */
  take(device_key: string, backup_id: string | null): Promise<Taken> {
    return this.call("snapshots/take", { device_key, backup_id });
  }

  uploadSnapshot(file: File, progress: (share: number) => void): Promise<unknown> {
    return this.upload("snapshot", file.name, file, progress);
  }

  followPowerCut(handle: (message: RecoveryMessage) => void): Promise<() => Promise<void>> {
    return this.follow("power_cut/subscribe", handle);
  }

  askAll(): Promise<unknown> {
    return this.call("power_cut/ask", {});
  }

  putBack(device_keys: string[]): Promise<unknown> {
    return this.call("power_cut/restore", { device_keys });
  }

  stopAfterThis(): Promise<unknown> {
    return this.call("power_cut/stop", {});
  }

  followImport(handle: (state: ImportState) => void): Promise<() => Promise<void>> {
    return this.follow("import/subscribe", handle);
  }

  /** Make room for files; or go on with a batch, of which the paths of what has arrived are answered. */
  beginImport(batch: string | null): Promise<{ batch: string; arrived: string[] }> {
    return this.call("import/begin", { batch });
  }

  uploadForImport(batch: string, path: string, file: File, progress: (share: number) => void): Promise<unknown> {
    return this.upload(`import/${encodeURIComponent(batch)}`, path, file, progress);
  }

  runImport(batch: string): Promise<unknown> {
    return this.call("import/run", { batch });
  }

  assignImported(names: string[], device_key: string): Promise<unknown> {
    return this.call("import/assign", { names, device_key });
  }

  followPackages(handle: (state: PackagesState) => void): Promise<() => Promise<void>> {
    return this.follow("packages/subscribe", handle);
  }

  /** Begin to install `name==version`. */
  installPackage(wanted: string): Promise<unknown> {
    return this.call("packages/install", { package: wanted });
  }

  removePackage(name: string): Promise<unknown> {
    return this.call("packages/remove", { package: name });
  }

  installAgain(): Promise<unknown> {
    return this.call("packages/install_again", {});
  }

  /** Ask what a recipe does; nothing is kept. */
  lookAtRecipe(file: RecipeFile): Promise<OfferedRecipe> {
    return this.call("recipes/look", { ...file });
  }

  keepRecipe(file: RecipeFile): Promise<unknown> {
    return this.call("recipes/keep", { ...file });
  }

  removeRecipe(file: string): Promise<unknown> {
    return this.call("recipes/remove", { file });
  }

  /** Have the browser save the file of a backup. */
  async download(device_key: string, backup_id: string): Promise<void> {
    const { path } = await this.call<{ path: string }>("backups/download", { device_key, backup_id });
    const link = document.createElement("a");
    link.href = this.hass.hassUrl(path);
    link.download = "";
    document.body.append(link);
    link.click();
    link.remove();
  }

  // Whoever follows a command knows what it sends.
  // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters
  private follow<Message>(
    command: string,
    handle: (message: Message) => void,
    values: Record<string, unknown> = {},
  ): Promise<() => Promise<void>> {
    // Home Assistant's own try after a lost line is one: a Home Assistant that is starting refuses it for good.
    return this.hass.connection.subscribeMessage(
      handle,
      { type: `${DOMAIN}/${command}`, language: this.hass.language, ...values },
      { resubscribe: false },
    );
  }

  /** Send a file as it is, however large; an error says in words why it was not taken. */
  private async upload(to: string, path: string, file: File, progress: (share: number) => void): Promise<void> {
    if (this.hass.auth.expired) {
      await this.hass.auth.refreshAccessToken();
    }
    const request = new XMLHttpRequest();
    request.open("POST", this.hass.hassUrl(`/api/${DOMAIN}/${to}`));
    request.setRequestHeader("Authorization", `Bearer ${this.hass.auth.accessToken}`);
    request.setRequestHeader("X-File-Path", encodeURIComponent(path));
    request.upload.onprogress = (event) => progress(event.loaded / Math.max(event.total, 1));
    await new Promise<void>((resolve, reject) => {
      request.onload = () => {
        if (request.status < 300) resolve();
        else reject(RequestError.ofStatus(request.status, messageOfAnswer(request.responseText) ?? request.statusText));
      };
      request.onerror = request.onabort = () => reject(RequestError.lost());
      request.send(file);
    });
  }

  private call<Answer>(command: string, values: Record<string, unknown>): Promise<Answer> {
    return this.hass.callWS<Answer>({ type: `${DOMAIN}/${command}`, language: this.hass.language, ...values });
  }
}

function messageOfAnswer(text: string): string | null {
  try {
    return (JSON.parse(text) as { message?: string }).message ?? null;
  } catch {
    return null;
  }
}
