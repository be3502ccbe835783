/** WeDa's data models kept in the document store: one collection a model, made when it is first written. */
import { find as sortDocuments } from "mingo";
import type { LocalClock } from "./clock";
import { duplicate } from "./cloudbase/database-writes";
import { type Documents, keyOf, newDocumentId } from "./cloudbase/documents";
import { compileQuery, updated } from "./cloudbase/update";
import type { Models } from "./weda/models";

type Document = Record<string, unknown>;

export function createModels(documents: Documents, clock: LocalClock): Models {
  const matching = (model: string, where: Document): Document[] => {
    if (!documents.hasCollection(model)) return [];
    return [...documents.documents(model)].filter(compileQuery(where));
  };
  return {
    async insert(model, document) {
      if (!documents.hasCollection(model)) await documents.createCollection(model);
      const id = typeof document._id === "string" && document._id !== "" ? document._id : newDocumentId();
      // Assumption: a record that exists is not overwritten, as with the document database.
      if (documents.get(model, id) !== undefined) throw duplicate(model, id);
      const now = clock.now();
      await documents.apply([
        { collection: model, id, document: { ...document, _id: id, createdAt: now, updatedAt: now } },
      ]);
      return id;
    },
    async find(model, where, { offset = 0, limit = 10, sort = [] }) {
      const order = Object.fromEntries(
        sort.map(([field, direction]) => [field, direction === "desc" ? (-1 as const) : (1 as const)]),
      );
      const found = matching(model, where);
      const sorted = sort.length === 0 ? found : sortDocuments<Document>(found, {}).sort(order).all();
      return sorted.slice(offset, offset + limit);
    },
    count: async (model, where) => matching(model, where).length,
    async update(model, where, members) {
      const found = matching(model, where);
      const changes = found.map((document) => ({
        collection: model,
        id: keyOf(document),
        document: updated(document, { $set: { ...members, updatedAt: clock.now() } }) ?? document,
      }));
      if (changes.length > 0) await documents.apply(changes);
      return found.length;
    },
    async remove(model, where) {
      const found = matching(model, where);
      const changes = found.map((document) => ({ collection: model, id: keyOf(document), document: undefined }));
      if (changes.length > 0) await documents.apply(changes);
      return found.length;
    },
  };
}
