/** All that can be asked of insights; a page asks for it once. */
import { api, ask, type Schemas } from "../api/api";

let asked: Promise<Schemas["Catalogue"]> | undefined;

export function catalogue(): Promise<Schemas["Catalogue"]> {
    asked ??= ask(api.GET("/api/v1/insights/catalogue"));
    // What failed may be tried again.
    asked.catch(() => {
        asked = undefined;
    });
    return asked;
}
