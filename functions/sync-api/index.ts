/** The HTTP API by which other programs run workflows, and wait for them: its routes are in routes.ts. */
import { syncApiFunction } from "../../shared/sync-api/entry";
import { routes } from "./routes";

const syncApi = syncApiFunction(routes);

export = syncApi;
