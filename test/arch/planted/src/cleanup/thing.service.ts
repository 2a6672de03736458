export class CleanupThingService {}
