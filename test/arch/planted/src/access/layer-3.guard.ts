import type { ThingService } from '../applications/thing.service';

export class Layer3Guard {
  constructor(readonly things: ThingService) {}
}
