/** The slots in their collection; beside them are pages of the log of limits. */
export const slotDocuments = { _id: { $type: 'string' } } as const;
