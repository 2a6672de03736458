export class ThingService {}
