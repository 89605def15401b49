import { DeviceBackupsPanel } from "./panel";
import { OverviewView } from "./views/overview";
import { DeviceView } from "./views/device";
import { RestoreView } from "./views/restore";
import { CompareView } from "./views/compare";
import { ConfirmDialog } from "./elements/confirm";

const ELEMENTS = {
  "device-backups-confirm": ConfirmDialog,
  "device-backups-overview": OverviewView,
  "device-backups-device": DeviceView,
  "device-backups-compare": CompareView,
  "device-backups-restore": RestoreView,
  "device-backups-panel": DeviceBackupsPanel,
};

// After an update without a reload the page before has them already.
for (const [name, element] of Object.entries(ELEMENTS)) {
  if (!customElements.get(name)) {
    customElements.define(name, element);
  }
}
