export { CleanupThingService } from '../../cleanup/thing.service';
