import { DeviceBackupsPanel } from "./panel";
import { OverviewView } from "./views/overview";
import { DeviceView } from "./views/device";
import { RestoreView } from "./views/restore";
import { CompareView } from "./views/compare";
import { ImportView } from "./views/import";
import { PackagesView } from "./views/packages";
import { PowerCutView } from "./views/power-cut";
import { SnapshotsView } from "./views/snapshots";
import { ConfirmDialog } from "./elements/confirm";
import { RecipesPart } from "./elements/recipes";

/** For tests, which go to every view. */
export { pathOf } from "./route";

const ELEMENTS = {
  "device-backups-confirm": ConfirmDialog,
  "device-backups-recipes": RecipesPart,
  "device-backups-overview": OverviewView,
  "device-backups-device": DeviceView,
  "device-backups-compare": CompareView,
  "device-backups-restore": RestoreView,
  "device-backups-import": ImportView,
  "device-backups-packages": PackagesView,
  "device-backups-power-cut": PowerCutView,
  "device-backups-snapshots": SnapshotsView,
  "device-backups-panel": DeviceBackupsPanel,
};

// After an update without a reload the page before has them already.
for (const [name, element] of Object.entries(ELEMENTS)) {
  if (!customElements.get(name)) {
    customElements.define(name, element);
  }
}
