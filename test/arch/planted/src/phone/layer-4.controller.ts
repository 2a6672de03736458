import { ThingService } from '../applications/thing.service';

export class Layer4Controller {
  constructor(readonly things: ThingService) {}
}
