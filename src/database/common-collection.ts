/**
 * A command writes to one collection. What must be written in one command is therefore kept in the same: the slots, whose
 * ids are strings, and the log of limits, whose ids are numbers (`limits/log`). Each has its own repository, and neither
 * looks at the other's documents.
 */
export const COMMON_COLLECTION = 'slots';
